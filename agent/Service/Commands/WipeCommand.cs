using System.CommandLine;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Service.Output;

namespace ProbeNet.Agent.Service.Commands;

static class WipeCommand
{
    // What the agent makes in its directory. Anything else there is somebody else's.
    static readonly string[] Directories = ["journal", "spool"];
    static readonly string[] Files = ["state.key", "lock", "paused", "enrollment", "consent", "keys", "uplink", "list", "list.previous", "list.refused", "budget", "spent", "tasks", "waiting", "schedule"];
    static readonly string[] Prefixes = ["history."];

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Command Create(Surroundings surroundings)
    {
        var name = ServiceNameOption.Create();
        var command = new Command("wipe", "Destroys the key of everything kept here, then removes it, and says what the system keeps. Asks nothing.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            var builder = new ConfigurationBuilder();
            AgentConfiguration.Apply(builder, surroundings);
            var path = Path.GetFullPath(builder.Build()["Agent:StateDirectory"] ?? "");
            if (Directory.Exists(path))
            {
                var directory = new StateDirectory(path);
                // First of all: from here on the rest is noise, whatever stops this command.
                StateKey.Destroy(directory);
                surroundings.Output.WriteLine("The key is destroyed: what was kept here can no longer be read.");
                _ = await ServiceInstaller.TryStopAsync(parsed.GetRequiredValue(name), ct);
                await Progress.WhileAsync(surroundings, "Waiting for the service to end", WaitForServiceAsync(directory, surroundings.Time, ct));
                var left = Remove(path);
                surroundings.Output.WriteLine(left == 0 ? "The state is removed." : $"The state is removed; {left} things in its directory are not this program's and stay.");
            }
            else
            {
                surroundings.Output.WriteLine("There is no state.");
            }
            foreach (var line in WhatTheSystemKeeps(parsed.GetRequiredValue(name)))
                surroundings.Output.WriteLine(line);
            return 0;
        });
        return command;
    }

    /// <summary>A running service sees that its key is gone, and ends.</summary>
    static async Task<bool> WaitForServiceAsync(StateDirectory directory, TimeProvider time, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < Patience)
        {
            try
            {
                using var held = new StateLock(directory);
                return true;
            }
            catch (IOException)
            {
                await Task.Delay(Look, time, ct);
            }
        }
        throw new CommandFailure("the key is destroyed, but the agent still runs and holds it in memory: end its process, then wipe again.");
    }

    static int Remove(string path)
    {
        foreach (var directory in Directories.Select(name => Path.Combine(path, name)).Where(Directory.Exists))
            Directory.Delete(directory, recursive: true);
        foreach (var file in Directory.EnumerateFiles(path).Where(file => IsOwn(Path.GetFileName(file))).ToArray())
            File.Delete(file);
        var left = Directory.EnumerateFileSystemEntries(path).Count();
        if (left > 0)
            return left;
        try
        {
            Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Empty, and the system's: a package or a service made it.
            return 0;
        }
        return 0;
    }

    static bool IsOwn(string name) =>
        Files.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) || name.EndsWith(".new", StringComparison.Ordinal);

    static IEnumerable<string> WhatTheSystemKeeps(string serviceName) => OperatingSystem.IsWindows()
        ?
        [
            "The system keeps, and this program cannot remove:",
            "  the program itself and the record of its installation (Settings, Apps; Prefetch; the registry)",
            "  the event log (Event Viewer, Windows Logs, Application and System)",
            "  the history of your shell; backups, restore points and copies that the disk made of the old files",
            "  what the collector received (withdraw, before wiping, asks it to delete), and what your provider recorded",
        ]
        :
        [
            "The system keeps, and this program cannot remove:",
            "  the program itself and the package log: /var/log/dpkg.log, /var/log/apt/ (apt purge probenet-agent removes the program)",
            "  the user probenet until the package is purged, and both names in the system's backups (/etc/passwd- and its like, /var/backups)",
            $"  the journal: journalctl -u {serviceName} (journalctl --rotate; journalctl --vacuum-time=1s empties all of it)",
            "  the history of your shell and of sudo (/var/log/auth.log, or the journal)",
            "  backups and snapshots, and copies that a solid-state disk made of the old files: without the key they are noise",
            "  what the collector received (withdraw, before wiping, asks it to delete), and what your provider recorded",
        ];
}
