using System.Text;

namespace ProbeNet.Collector.Store.Embedded;

/// <summary>A running server, found by its data directory.</summary>
sealed record Postmaster(int Pid, string Data)
{
    /// <returns>Null when none runs, whatever a stale postmaster.pid says.</returns>
    internal static Postmaster? Find(string data)
    {
        var file = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid))
            return null;
        var found = new Postmaster(pid, data);
        return found.IsAlive ? found : null;
    }

    // A number may have gone to another process since: only a postgres on this data directory counts.
    internal bool IsAlive
    {
        get
        {
            try
            {
                var arguments = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{Pid}/cmdline")).Split('\0');
                return Path.GetFileName(arguments[0]) == "postgres" && arguments.Contains(Data);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    internal void Signal(string name) => Programs.TryRun("/bin/kill", [$"-{name}", Pid.ToString()]);
}
