using System.Runtime.Versioning;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

[SupportedOSPlatform("linux")]
public sealed class DeployTests
{
    [Fact]
    public async Task Compose_accepts_the_file()
    {
        var (exit, output) = await Compose("PROBENET_ADDRESS=https://collector.example PROBENET_ASN_TABLE=/dev/null");
        Assert.True(exit == 0, output);
        Assert.Contains("timescale/timescaledb", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compose_says_what_is_missing()
    {
        var (exit, output) = await Compose("");
        Assert.NotEqual(0, exit);
        Assert.Contains("the https address agents reach this machine at", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--frobnicate", "unknown option --frobnicate")]
    [InlineData("--list", "--list needs a value")]
    [InlineData("--cc KH", "--address is missing")]
    [InlineData("--address http://collector.example", "--address must begin with https://")]
    [InlineData("--address https://collector.example", "--asn-table is missing")]
    [InlineData("--address https://collector.example --asn-table /dev/null", "--list is missing")]
    public async Task A_wrong_start_says_why(string options, string why)
    {
        var home = Directory.CreateTempSubdirectory("probenet-start-");
        var (exit, output) = await Shell.Run(["env", $"XDG_CONFIG_HOME={home.FullName}", "deploy/start", .. options.Split(' ')]);
        home.Delete(recursive: true);
        Assert.Equal(2, exit);
        Assert.Contains(why, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_beside_no_collector_says_how_to_begin()
    {
        var home = Directory.CreateTempSubdirectory("probenet-start-");
        var (exit, output) = await Shell.Run("env", $"XDG_CONFIG_HOME={home.FullName}", "deploy/collector", "invite", "create");
        home.Delete(recursive: true);
        Assert.Equal((1, "deploy/collector: there is no collector here yet: begin with deploy/start\n"), (exit, output));
    }

    /// <summary>Docker's plugin where there is one, Debian's program elsewhere; neither needs an engine for this.</summary>
    static Task<(int Exit, string Output)> Compose(string environment) => Shell.Run(
        "sh", "-c", $"docker compose version >/dev/null 2>&1 && compose='docker compose' || compose=docker-compose; {environment} $compose -f deploy/compose.yaml config");
}
