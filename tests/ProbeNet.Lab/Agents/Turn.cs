using System.Globalization;

namespace ProbeNet.Lab.Agents;

/// <summary>
/// Twelve machines of the lab share the cores of one. An agent's measurements begin one after the other, each when the cores had time to spare for a moment:
/// most wait for the network, and those that want the processor must not make the others' deadlines run out before the network's.
/// </summary>
static class Turn
{
    const double Spare = 0.15;

    // Whatever else the machine does, the list comes to its end.
    const int MostLooks = 20;

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(150);

    static readonly SemaphoreSlim One = new(1);

    public static async Task Wait(CancellationToken cancel)
    {
        await One.WaitAsync(cancel);
        try
        {
            var before = Processor();
            for (var looks = 0; looks < MostLooks; looks++)
            {
                await Task.Delay(Look, cancel);
                var now = Processor();
                if (now.Idle - before.Idle > Spare * (now.All - before.All))
                    return;
                before = now;
            }
        }
        finally
        {
            One.Release();
        }
    }

    // proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, all of them since the machine's start; guests are in user.
    static (long Idle, long All) Processor()
    {
        using var stat = File.OpenText("/proc/stat");
        var times = stat.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (times[3] + times[4], times.Sum());
    }
}
