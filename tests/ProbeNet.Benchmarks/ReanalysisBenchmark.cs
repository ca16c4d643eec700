using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;
using ProbeNet.Testing;

namespace ProbeNet.Benchmarks;

/// <summary>
/// How long `reanalyze` takes, and how much memory, over the measurements of 30 days: first where every unit day says something else
/// than before, then once more, where none may.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
static class ReanalysisBenchmark
{
    const string Print = "select md5(string_agg(md5(findings) || encode(unit, 'hex') || witness, '' order by target, day, asn, unit)) from unit_day";

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken ct)
    {
        await using var server = await PostgresProcess.StartAsync();
        var store = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(store);
        await new Migrator(source).ApplyAsync(ct);
        var window = CellWindow.UpTo(TimeProvider.System.GetUtcNow(), options.Days);
        var watch = Stopwatch.StartNew();
        var month = MadeMonth.Deep(window);
        await month.FillAsync(source, "benchmark", ct);
        var expected = await new StoredMonth(month, new Random(1)).StoreAsync(source, ct);
        Console.WriteLine($"stored {expected:N0} measurements of {window.Days} days in {watch.Elapsed.TotalSeconds:0} s");

        await using var collector = CollectorUnderTest.Beside(store);
        var first = await OnceAsync(collector, server.Pid, window, ct);
        var print = await ReadAsync(source, ct);
        var second = await OnceAsync(collector, server.Pid, window, ct);
        var same = await ReadAsync(source, ct) == print;
        Console.WriteLine($"first: {first}");
        Console.WriteLine($"again: {second}; {(same && second.Changed == 0 ? "the same bytes" : "NOT THE SAME BYTES")}");
        var whole = first.Measurements == expected && first.Changed >= month.UnitDays;
        return whole && same && second.Changed == 0 && first.Took <= Longest ? 0 : 1;
    }

    static async Task<Run> OnceAsync(CollectorUnderTest collector, int postgres, CellWindow window, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        using var command = collector.Begin("reanalyze", "--since", Day(window.Since), "--until", Day(window.Until), "--json");
        command.ErrorDataReceived += (_, e) => Console.Error.WriteLine(e.Data);
        command.BeginErrorReadLine();
        ProcessMeter[] meters = [new("collector", command.Id, tree: false), new("postgresql", postgres, tree: true)];
        foreach (var meter in meters)
            meter.Begin();
        using var sampling = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sampler = ProcessMeter.SampleAsync(meters, sampling.Token);
        var said = await command.StandardOutput.ReadToEndAsync(ct);
        await command.WaitForExitAsync(ct);
        watch.Stop();
        await sampling.CancelAsync();
        await sampler;
        if (command.ExitCode != 0)
            throw new InvalidOperationException($"reanalyze: {said}");
        using var outcome = JsonDocument.Parse(said);
        return new(watch.Elapsed, outcome.RootElement.GetProperty("measurements").GetInt64(), outcome.RootElement.GetProperty("changed").GetInt64(), meters[0].PeakMegabytes, meters[1].PeakMegabytes);
    }

    static async Task<string> ReadAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand(Print);
        command.CommandTimeout = 0;
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    sealed record Run(TimeSpan Took, long Measurements, long Changed, double CollectorMegabytes, double PostgresMegabytes)
    {
        public override string ToString() =>
            $"{Measurements:N0} measurements in {Took.TotalSeconds:0.0} s ({Measurements / Took.TotalSeconds:N0}/s), {Changed:N0} unit days changed; peak {CollectorMegabytes:0} MB, PostgreSQL {PostgresMegabytes:0} MB";
    }
}
