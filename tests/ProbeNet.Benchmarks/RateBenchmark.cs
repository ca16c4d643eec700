using System.Diagnostics;
using Npgsql;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks;

/// <summary>
/// From the first batch sent to the moment when /measurements returns the last row, with everything on this machine. Batches are sealed
/// beforehand, as they lie in an agent's spool; what sealing costs is printed apart.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
static class RateBenchmark
{
    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken ct)
    {
        var captured = options.Realistic ? await LabCapture.ReadAsync(ct) : null;
        await using var collector = await CollectorUnderTest.StartAsync(options, ct);
        var invite = await collector.InviteAsync(options.Streams, ct);
        var agents = new List<BenchmarkAgent>();
        for (var i = 0; i < options.Streams; i++)
            agents.Add(await BenchmarkAgent.EnrolAsync(invite, new Random(i), ct));
        Prepare(options, agents, captured);
        using var reader = await collector.ReaderAsync(ct);

        var total = agents.Sum(agent => agent.Measurements);
        var meters = collector.Processes.Append(("agents", Environment.ProcessId)).Select(process => new ProcessMeter(process.Item1, process.Item2, tree: process.Item1 == "postgresql")).ToList();
        meters.ForEach(meter => meter.Begin());
        using var sampling = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sampler = ProcessMeter.SampleAsync(meters, sampling.Token);
        await using var store = NpgsqlDataSource.Create(collector.ConnectionString);
        var freshness = options.Paced ? Freshness.WatchAsync(store, agents.Sum(agent => agent.Batches), ct) : null;
        TimeSpan? between = options.Paced ? TimeSpan.FromSeconds((double)BatchSealer.MaximumCount * options.Streams / options.Rate) : null;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(agents.Select(agent => Task.Run(() => agent.SendAllAsync(between, ct), ct)));
        var acknowledged = watch.Elapsed;
        foreach (var agent in agents)
            await UntilReadableAsync(reader, agent.Last, ct);
        var readable = watch.Elapsed;
        var cpu = meters.ToDictionary(meter => meter.Name, meter => meter.CpuSeconds);
        await sampling.CancelAsync();
        await sampler;

        Report(options, agents, meters, cpu, total, acknowledged, readable);
        if (freshness is not null)
            Console.WriteLine(await freshness);
        var stored = await CountAsync(store, "select count(*) from measurement", ct);
        var leaves = await CountAsync(store, "select count(*) from log_leaf", ct);
        var flagged = await CountAsync(store, "select count(*) from batch where gap or fork", ct);
        Console.WriteLine($"stored {stored:N0} of {total:N0} in {leaves:N0} batches; {flagged} with a gap or fork; {(stored == total ? "exact" : "NOT EXACT")}");
        var left = await collector.QueueLengthAsync(ct);
        if (left is { } messages)
            Console.WriteLine($"{messages} messages left in the queue");
        foreach (var agent in agents)
            await agent.DisposeAsync();
        return stored == total && flagged == 0 && left is null or 0 ? 0 : 1;
    }

    static void Prepare(BenchmarkOptions options, List<BenchmarkAgent> agents, Batch? captured)
    {
        var batches = (int)Math.Ceiling(options.Rate * options.Duration.TotalSeconds / BatchSealer.MaximumCount / agents.Count);
        var watch = Stopwatch.StartNew();
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var bytes = 0L;
        var now = TimeProvider.System.GetUtcNow();
        (int Median, int P95, int Failing) made = default;
        Parallel.For(0, agents.Count, new() { MaxDegreeOfParallelism = 2 }, i =>
        {
            var source = new MadeMeasurements(new Random(1000 + i), captured, now);
            Interlocked.Add(ref bytes, agents[i].Prepare(source.Next, source.Attachments, batches));
            if (i == 0)
                made = (source.Sizes.Median, source.Sizes.P95, source.Failing);
        });
        process.Refresh();
        var total = agents.Sum(agent => agent.Measurements);
        Console.WriteLine($"prepared {total:N0} measurements in {watch.Elapsed.TotalSeconds:0} s: median {made.Median} B, p95 {made.P95} B, {made.Failing} % failing, "
            + $"{bytes / (double)total:0} B each on the wire, sealing {(process.TotalProcessorTime - before).TotalMicroseconds / total:0.0} CPU us each");
    }

    // Asked for as an analyst would: the rows of that site in that minute.
    static async Task UntilReadableAsync(HttpClient reader, LastMeasurement last, CancellationToken ct)
    {
        var since = DateTimeOffset.FromUnixTimeSeconds(last.Time);
        var asked = $"api/v1/measurements?cc=KH&domain={last.Domain}&limit=1000&since={since:yyyy-MM-ddTHH:mm:ssZ}&until={since.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}";
        while (!(await reader.GetStringAsync(asked, ct)).Contains(last.Uid.ToString(), StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
    }

    static void Report(
        BenchmarkOptions options, List<BenchmarkAgent> agents, List<ProcessMeter> meters, Dictionary<string, double> cpu, long total, TimeSpan acknowledged, TimeSpan readable)
    {
        var acks = agents.SelectMany(agent => agent.Acknowledged).Order().ToArray();
        Console.WriteLine($"{(options.Broker ? "RabbitMQ and PostgreSQL" : "embedded")}, {(options.Realistic ? "replay of the lab" : "1.2 KB")}, {options.Streams} streams, roles {options.Roles}");
        Console.WriteLine($"readable {total / readable.TotalSeconds:N0}/s over {readable.TotalSeconds:0.0} s (acknowledged {total / acknowledged.TotalSeconds:N0}/s)");
        Console.WriteLine($"ack p50 {acks[acks.Length / 2].TotalMilliseconds:0} ms, p99 {acks[acks.Length * 99 / 100].TotalMilliseconds:0} ms, max {acks[^1].TotalMilliseconds:0} ms");
        foreach (var meter in meters)
            Console.WriteLine($"  {meter.Name,-11} {cpu[meter.Name] * 1e6 / total,6:0.0} CPU us each, peak {meter.PeakMegabytes:0} MB");
        var used = cpu.Values.Sum();
        Console.WriteLine($"  sum         {used * 1e6 / total,6:0.0} CPU us each: {2e6 / (used * 1e6 / total):N0}/s is what two cores could do alone; "
            + $"others had {Math.Max(0, 100 - (used / readable.TotalSeconds / Environment.ProcessorCount * 100)):0} % of them or they were idle");
    }

    static async Task<long> CountAsync(NpgsqlDataSource store, string sql, CancellationToken ct)
    {
        await using var command = store.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
