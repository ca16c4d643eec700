using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ProbeNet.Killable;

/// <summary>
/// A named moment at which this process ends itself with SIGKILL, or waits for its parent to kill somebody else. What is
/// written to the log is durable before either happens, so that the parent knows which windows were hit.
/// </summary>
sealed class KillWindow
{
    readonly string? _name = Environment.GetEnvironmentVariable("KILL_WINDOW");
    readonly string _log = Environment.GetEnvironmentVariable("KILL_LOG") ?? throw new InvalidOperationException("KILL_LOG names the log of windows.");
    readonly bool _waits = Environment.GetEnvironmentVariable("KILL_OTHER") == "1";
    int _left = int.Parse(Environment.GetEnvironmentVariable("KILL_AFTER") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Does not return when this is the moment and the process is the one to die.</summary>
    public void Reached(string name)
    {
        if (name != _name || Interlocked.Decrement(ref _left) != 0)
            return;
        Log(name);
        if (!_waits)
            Process.GetCurrentProcess().Kill();
        // The parent answers by removing the log once the other process is dead.
        SpinWait.SpinUntil(() => !File.Exists(_log), TimeSpan.FromSeconds(30));
    }

    void Log(string name)
    {
        using var file = new FileStream(_log, FileMode.Create, FileAccess.Write, FileShare.Read);
        file.Write(Encoding.ASCII.GetBytes(name + "\n"));
        file.Flush(flushToDisk: true);
    }
}
