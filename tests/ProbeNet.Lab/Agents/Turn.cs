using System.Diagnostics;

namespace ProbeNet.Lab.Agents;

/// <summary>
/// Twelve machines of the lab share the cores of one. A measurement begins when this process is served in time: most wait for
/// the network, and the few that want the processor must not make the others' deadlines run out before the network's.
/// </summary>
static class Turn
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20), Late = TimeSpan.FromMilliseconds(60);

    // Whatever else the machine does, the list comes to its end.
    const int MostLooks = 300;

    public static async Task Wait(CancellationToken cancel)
    {
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var start = Stopwatch.GetTimestamp();
            await Task.Delay(Look, cancel);
            if (Stopwatch.GetElapsedTime(start) < Late)
                return;
        }
    }
}
