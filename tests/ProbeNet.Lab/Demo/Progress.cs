using System.Diagnostics;

namespace ProbeNet.Lab.Demo;

/// <summary>Says what happens, with the seconds since the start.</summary>
sealed class Progress
{
    readonly Stopwatch _watch = Stopwatch.StartNew();

    public TimeSpan Elapsed => _watch.Elapsed;

    public void Say(string what) => Console.WriteLine($"[{_watch.Elapsed.TotalSeconds,4:0} s] {what}");
}
