using System.Diagnostics;

namespace ProbeNet.Agent.Service;

/// <summary>Puts the agent under the system's care, and takes it away again.</summary>
static class ServiceInstaller
{
    const string UnitDirectory = "/etc/systemd/system";
    const string StateRoot = "/var/lib/";
    const string Template = "probenet-agent.service";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="CommandFailure">The system does not let it.</exception>
    public static async Task InstallAsync(string name, string stateDirectory, CancellationToken ct)
    {
        RequireRights();
        if (OperatingSystem.IsWindows())
        {
            await RunAsync("sc.exe", ["create", name, "binPath=", $"\"{Program()}\" run --service-name {name}", "start=", "delayed-auto", "obj=", @"NT AUTHORITY\LocalService"], ct);
            await RunAsync("sc.exe", ["failure", name, "reset=", "86400", "actions=", "restart/10000"], ct);
            await RunAsync("icacls.exe", [stateDirectory, "/inheritance:r", "/grant", "*S-1-5-19:(OI)(CI)F", "*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F"], ct);
            await RunAsync("sc.exe", ["start", name], ct);
            return;
        }
        RequireSystemd();
        await File.WriteAllTextAsync(UnitPath(name), Unit(name, Program(), stateDirectory), ct);
        await RunAsync("systemctl", ["daemon-reload"], ct);
        await RunAsync("systemctl", ["enable", "--now", name], ct);
    }

    /// <exception cref="CommandFailure">There is no such service, or the system does not let it.</exception>
    public static async Task UninstallAsync(string name, CancellationToken ct)
    {
        RequireRights();
        if (OperatingSystem.IsWindows())
        {
            await TryRunAsync("sc.exe", ["stop", name], ct);
            await RunAsync("sc.exe", ["delete", name], ct);
            return;
        }
        RequireSystemd();
        if (!File.Exists(UnitPath(name)))
            throw new CommandFailure($"there is no service '{name}' in {UnitDirectory}; one that came with a package goes with it: apt remove probenet-agent.");
        await RunAsync("systemctl", ["disable", "--now", name], ct);
        File.Delete(UnitPath(name));
        await RunAsync("systemctl", ["daemon-reload"], ct);
    }

    /// <summary>Stops the service if it can; says whether it could.</summary>
    public static Task<bool> TryStopAsync(string name, CancellationToken ct) =>
        OperatingSystem.IsWindows() ? TryRunAsync("sc.exe", ["stop", name], ct)
        : Directory.Exists("/run/systemd/system") ? TryRunAsync("systemctl", ["stop", name], ct)
        : Task.FromResult(false);

    /// <summary>The unit of a package, for another program, name and state.</summary>
    /// <exception cref="CommandFailure">The state is not where systemd can give it to a service.</exception>
    internal static string Unit(string name, string program, string stateDirectory)
    {
        if (!stateDirectory.StartsWith(StateRoot, StringComparison.Ordinal) || stateDirectory.Contains("..", StringComparison.Ordinal))
            throw new CommandFailure($"a service keeps its state below {StateRoot}: set Agent:StateDirectory, not {stateDirectory}.");
        using var stream = typeof(ServiceInstaller).Assembly.GetManifestResourceStream(Template)
            ?? throw new InvalidOperationException("The unit is not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Replace("ExecStart=/usr/lib/probenet/probenet-agent run", $"ExecStart=\"{program}\" run --service-name {name}", StringComparison.Ordinal)
            .Replace("User=probenet\nGroup=probenet\n", "DynamicUser=yes\n", StringComparison.Ordinal)
            .Replace("StateDirectory=probenet", $"StateDirectory={stateDirectory[StateRoot.Length..].TrimEnd('/')}", StringComparison.Ordinal);
    }

    static string UnitPath(string name) => $"{UnitDirectory}/{name}.service";

    static string Program() => Environment.ProcessPath ?? throw new CommandFailure("the system does not tell where this program is.");

    static void RequireRights()
    {
        if (!Environment.IsPrivilegedProcess)
            throw new CommandFailure(OperatingSystem.IsWindows() ? "only an administrator can do that." : "only root can do that: try sudo.");
    }

    static void RequireSystemd()
    {
        if (!Directory.Exists("/run/systemd/system"))
            throw new CommandFailure("this system does not run systemd: start 'probenet-agent run' with whatever keeps your services.");
    }

    static async Task RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        if (!await TryRunAsync(program, arguments, ct))
            throw new CommandFailure($"'{program} {string.Join(' ', arguments)}' failed.");
    }

    static async Task<bool> TryRunAsync(string program, string[] arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments));
        if (process is null)
            return false;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Patience);
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode == 0;
    }
}
