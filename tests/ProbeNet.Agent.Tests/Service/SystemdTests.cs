using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using ProbeNet.Agent.Service;
using Xunit;

namespace ProbeNet.Agent.Tests.Service;

/// <summary>What systemd would see, without systemd: its own checker, and its notify socket.</summary>
public sealed class SystemdTests : IDisposable
{
    readonly AgentProcess _agent = new();

    public void Dispose() => _agent.Dispose();

    [Theory]
    // A service knows systemd by its parent's name (proc(5): comm); others only pass the socket on.
    [InlineData("systemd")]
    [InlineData("supervisor")]
    public async Task The_service_says_when_it_is_ready_beats_and_says_when_it_stops(string parent)
    {
        var path = Path.Combine(Path.GetTempPath(), $"probenet-{Guid.NewGuid():N}.sock");
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        notify.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            var service = _agent.Start(
                ["/bin/sh", "-c", "printf \"$1\" > /proc/self/comm; \"$0\" run & echo $!; wait $!", AgentProcess.Program, parent],
                new() { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "400000" });
            var id = await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

            Assert.Contains("READY=1", Next(notify, "READY"));
            Assert.Contains("WATCHDOG=1", Next(notify, "WATCHDOG"));
            Assert.Contains("WATCHDOG=1", Next(notify, "WATCHDOG"));
            using (var kill = Process.Start("kill", ["-s", "TERM", id!]))
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Contains("STOPPING=1", Next(notify, "STOPPING"));
            Assert.Equal(0, (await AgentProcess.EndAsync(service)).Code);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_unit_is_valid_and_hardened()
    {
        var directory = Directory.CreateTempSubdirectory("probenet-unit-").FullName;
        try
        {
            var unit = Path.Combine(directory, "probenet-agent.service");
            await File.WriteAllTextAsync(unit, ServiceInstaller.Unit("probenet-agent", AgentProcess.Program, "/var/lib/probenet"), TestContext.Current.CancellationToken);
            Assert.Contains("MemoryDenyWriteExecute=yes", await File.ReadAllTextAsync(unit, TestContext.Current.CancellationToken));

            var verified = await AnalyzeAsync("verify", unit);
            var security = await AnalyzeAsync("security", "--offline=true", "--threshold=20", unit);

            Assert.Equal((0, ""), (verified.Code, verified.Error));
            Assert.True(security.Code == 0, security.Output + security.Error);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void An_installed_unit_keeps_its_state_where_systemd_can_give_it()
    {
        var unit = ServiceInstaller.Unit("weather", "/opt/agent", "/var/lib/weather/");

        Assert.Contains("ExecStart=\"/opt/agent\" run --service-name weather\n", unit);
        Assert.Contains("\nStateDirectory=weather\n", unit);
        Assert.Contains("\nDynamicUser=yes\n", unit);
        Assert.DoesNotContain("User=probenet", unit);
        Assert.Throws<CommandFailure>(() => ServiceInstaller.Unit("weather", "/opt/agent", "/home/me/state"));
        Assert.Throws<CommandFailure>(() => ServiceInstaller.Unit("weather", "/opt/agent", "/var/lib/../../etc"));
    }

    Task<Ended> AnalyzeAsync(params string[] arguments) =>
        AgentProcess.EndAsync(_agent.Start(["/usr/bin/systemd-analyze", .. arguments], []));

    static string Next(Socket socket, string wanted)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var message = Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
            if (message.Contains(wanted, StringComparison.Ordinal))
                return message;
        }
    }
}
