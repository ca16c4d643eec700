using System.Diagnostics;
using System.Runtime.Versioning;
using ProbeNet.Lab.Control;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

[SupportedOSPlatform("linux")]
public sealed class LabTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_subscribers_see_is_what_the_scenario_says()
    {
        var (exit, output) = await Shell.Run(LabProcess.Executable, "selftest");
        Assert.True(exit == 0, output);
        Assert.Contains("17 blocked cells, 80 in all: 0 disagreements", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_user_can_run_it()
    {
        using var program = new ReadableCopy();
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        var (exit, output) = await Shell.Run([.. user, program.Executable, "selftest"]);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task Each_host_asks_its_own_resolver_and_rules_change_while_it_runs()
    {
        await using var lab = await LabProcess.Start();
        Assert.NotEqual(0, await Resolve(lab, "alfa-1"));
        Assert.Equal(0, await Resolve(lab, "carol-1"));
        await lab.RemoveRules();
        Assert.Equal(0, await Resolve(lab, "alfa-1"));
        await lab.UseScenarioRules();
        Assert.NotEqual(0, await Resolve(lab, "alfa-2"));
    }

    [Fact]
    public async Task Two_labs_do_not_disturb_each_other()
    {
        await using var first = await LabProcess.Start();
        await using var second = await LabProcess.Start();
        await first.RemoveRules();
        Assert.Equal(0, await Resolve(first, "alfa-3"));
        Assert.NotEqual(0, await Resolve(second, "alfa-3"));
    }

    [Fact]
    public async Task A_capture_sees_a_packet_to_a_private_address()
    {
        await using var lab = await LabProcess.Start();
        await lab.Capture("bravo-1", "192.168.1.1");
        Assert.Equal(0, await lab.Captured("bravo-1", "192.168.1.1"));
        await lab.Wait(await lab.Run("bravo-1", ["timeout", "1", "bash", "-c", "echo > /dev/tcp/192.168.1.1/80"]));
        Assert.NotEqual(0, await lab.Captured("bravo-1", "192.168.1.1"));
    }

    [Fact]
    public async Task A_killed_parent_leaves_no_process_behind()
    {
        var tag = $"PROBENET_LAB_TEST={Guid.NewGuid():N}";
        var start = new ProcessStartInfo("env", [tag, "sh", "-c", "\"$0\" run; true", LabProcess.Executable])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var parent = Process.Start(start)!;
        // The first answer comes when the whole country is up.
        Assert.NotNull(await parent.StandardOutput.ReadLineAsync(Cancel));
        Assert.True(Tagged(tag) > 3);
        parent.Kill(entireProcessTree: false);
        await Until(() => Tagged(tag) == 0, "every process of the lab to end");
        Assert.DoesNotContain("probenet-lab", await File.ReadAllTextAsync("/proc/mounts", Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_lab_that_is_asked_to_end_says_so_as_a_shell_expects(string signal, int expected)
    {
        // With job control and the signals as by default, so that the program hears them also where the tests run in the background; sent when the whole country is up.
        const string script = """set -m; coproc env --default-signal "$0" run; p=$!; read -r _ <&"${COPROC[0]}" && kill -s "$1" "$p"; wait "$p"; echo "ended with $?" """;
        var (_, output) = await Shell.Run("bash", "-c", script, LabProcess.Executable, signal);
        Assert.Contains($"ended with {expected}", output, StringComparison.Ordinal);
    }

    /// <summary>0 when the host's system resolver knows a name that alfa's denies.</summary>
    static async Task<int> Resolve(LabProcess lab, string host) =>
        await lab.Wait(await lab.Run(host, ["getent", "ahostsv4", "riverpost.example"]));

    static int Tagged(string tag) => Directory.EnumerateDirectories("/proc").Count(process =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _) && File.ReadAllText(process + "/environ").Split('\0').Contains(tag);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    static async Task Until(Func<bool> condition, string what)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(15));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, "waited in vain for " + what);
            await Task.Delay(50, Cancel);
        }
    }
}
