using System.Diagnostics;
using ProbeNet.Testing;

namespace ProbeNet.Benchmarks.Reads;

/// <summary>Two hundred requests a second while measurements arrive.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
static class ReadMix
{
    const int PerSecond = 200, Few = 20, Seed = 20_261_127;

    // Of the measurements due until the last answer: what is on its way then has no receipt yet.
    const double Arrived = 0.95;

    static readonly TimeSpan Warmth = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Lasts = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    public static async Task<bool> RunAsync(ReadsGround ground, CancellationToken ct)
    {
        var before = await ground.StoredAsync(ct);
        var (kinds, random) = (await ReadKinds.OfAsync(ground, ct), new Random(Seed));
        await using var arrivals = await Arrivals.PrepareAsync(ground.Collector, Lasts + Warmth + Warmth, ct);
        var meters = ground.Processes.Append(("readers and agents", Environment.ProcessId)).Select(process => new ProcessMeter(process.Item1, process.Item2, tree: process.Item1 == "postgresql")).ToList();
        // Every reader of a program that was just started waits for it to compile, and the first of each kind for what is kept.
        await OpenLoop.AskAsync(Few, Warmth, n => kinds.Next(n, random), ct);
        var alone = await OpenLoop.AskAsync(Few, Warmth, n => kinds.Next(n, random), ct);
        Print("when nothing arrives and few ask", alone);
        var sending = arrivals.SendAsync(ct);
        await OpenLoop.AskAsync(PerSecond, Warmth, n => kinds.Next(n, random), ct);
        meters.ForEach(meter => meter.Begin());
        var (received, watch) = (arrivals.Acknowledged, Stopwatch.StartNew());
        var replies = await OpenLoop.AskAsync(PerSecond, Lasts, n => kinds.Next(n, random), ct);
        var lasted = watch.Elapsed;
        received = arrivals.Acknowledged - received;
        var cpu = meters.Select(meter => $"{meter.Name} {meter.CpuSeconds:0} s").ToArray();
        var stored = await ground.StoredAsync(ct) - before;
        await sending;
        await Eventually.TrueAsync("every measurement is stored", async () => await ground.StoredAsync(ct) - before >= arrivals.Measurements, Patience);
        var all = await ground.StoredAsync(ct) - before;

        var bad = replies.Count(reply => reply.Status != 200);
        var taken = Print($"in {lasted.TotalSeconds:0.0} s of {PerSecond} a second", replies);
        Console.WriteLine($"  meanwhile {received:N0} measurements got their receipts ({received / lasted.TotalSeconds:N0}/s of {Arrivals.PerSecond:N0}/s); {stored:N0} were stored at the end of it, "
            + $"{all:N0} of {arrivals.Measurements:N0} in the end, {(all == arrivals.Measurements ? "exact" : "NOT EXACT")}");
        Console.WriteLine($"  CPU: {string.Join(", ", cpu)}, of {lasted.TotalSeconds * Environment.ProcessorCount:0} s");
        return taken.P95 <= Longest && bad == 0 && replies.Count == PerSecond * (int)Lasts.TotalSeconds && received >= Arrived * Arrivals.PerSecond * lasted.TotalSeconds && all == arrivals.Measurements;
    }

    static Latencies Print(string when, IReadOnlyCollection<Reply> replies)
    {
        var all = new Latencies(replies.Select(reply => reply.Taken));
        Console.WriteLine($"mixed reads {when}: {replies.Count(reply => reply.Status != 200)} not answered with 200, {replies.Sum(reply => (long)reply.Bytes) / 1e6:0} MB: {all}");
        foreach (var kind in replies.GroupBy(reply => reply.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Console.WriteLine($"  {kind.Key,-26} {new Latencies(kind.Select(reply => reply.Taken))}");
        return all;
    }
}
