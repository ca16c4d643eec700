using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;
using ProbeNet.Testing;

namespace ProbeNet.Benchmarks;

/// <summary>
/// How long the matrix takes over what 3 million measurements leave behind: 200 targets, 12 providers, 30 days, three units
/// each, 14 sights a unit and day. From the cell table, which holds the windows people ask for, and from the unit days.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
static class MatrixBenchmark
{
    const int Days = BenchmarkOptions.MostDays;

    // The first are not counted: a program that was just started compiles what it runs first.
    const int Rounds = 101, Uncounted = 50;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken ct)
    {
        await using var server = await PostgresProcess.StartAsync();
        var store = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(store);
        await new Migrator(source).ApplyAsync(ct);
        var time = TimeProvider.System;
        var watch = Stopwatch.StartNew();
        var month = MadeMonth.Deep(CellWindow.UpTo(time.GetUtcNow(), Days));
        await month.FillAsync(source, "benchmark", ct);
        await using (var analyse = source.CreateCommand("analyze"))
            await analyse.ExecuteNonQueryAsync(ct);
        var rules = new AnalysisOptions().Rules;
        Console.WriteLine($"filled {month.Measurements:N0} measurements as {month.UnitDays:N0} unit days in {watch.Elapsed.TotalSeconds:0} s");
        watch.Restart();
        await new WindowUpkeep(source, new(source), rules, time).RunAsync(ct);
        Console.WriteLine($"cells of {WindowUpkeep.Wanted(time.GetUtcNow()).Count} windows computed from them in {watch.Elapsed.TotalSeconds:0.0} s");

        var queries = new CellQueries(source, new(source), new(source), new(source), new(source), rules, time);
        await using var collector = await CollectorUnderTest.StartAsync(options with { Roles = "web" }, ct, store);
        using var reader = await collector.ReaderAsync(ct);
        watch.Restart();
        await AtRestAsync(reader, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-2), ct);
        Console.WriteLine($"public files of {Days - 2} days made from them in {watch.Elapsed.TotalSeconds:0} s");
        var median = await MedianAsync(reader, month, CellWindow.UpTo(time.GetUtcNow(), Days), ct);
        Console.WriteLine($"matrix, {Days} days, over REST: median {median.TotalMilliseconds:0.0} ms");
        Console.WriteLine($"matrix, {CellWindow.DefaultDays} days, over REST: median {(await MedianAsync(reader, month, CellWindow.UpTo(time.GetUtcNow()), ct)).TotalMilliseconds:0.0} ms");
        var uncommon = CellWindow.Ending(CellWindow.UpTo(time.GetUtcNow()).Until, Days - 1);
        Console.WriteLine($"matrix, {uncommon.Days} days, from unit days: median {(await MedianAsync(queries, month, uncommon, 3, ct)).TotalMilliseconds:0} ms");
        return median <= TimeSpan.FromMilliseconds(50) ? 0 : 1;
    }

    /// <summary>A collector that finds a month or a state directory new to it makes the month's public files first, oldest day first, and answers slower meanwhile.</summary>
    internal static Task AtRestAsync(HttpClient reader, DateOnly latest, CancellationToken ct) => Eventually.TrueAsync("the public files are made", async () =>
    {
        using var dumps = JsonDocument.Parse(await reader.GetByteArrayAsync("api/v1/dumps", ct));
        var made = dumps.RootElement.GetProperty("items").EnumerateArray().FirstOrDefault(dump => dump.GetProperty("day").GetDateTime() == latest.ToDateTime(TimeOnly.MinValue));
        if (made.ValueKind == JsonValueKind.Undefined)
            return false;
        using var file = await reader.GetAsync($"{made.GetProperty("path").GetString()}/{made.GetProperty("files").EnumerateArray().Last().GetProperty("name").GetString()}", ct);
        return file.IsSuccessStatusCode;
    }, Patience);

    static async Task<TimeSpan> MedianAsync(HttpClient reader, MadeMonth month, CellWindow window, CancellationToken ct)
    {
        var taken = new List<TimeSpan>();
        for (var i = 0; i < Uncounted + Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var bytes = await reader.GetByteArrayAsync($"api/v1/matrix?cc={MadeMonth.Country}&since={window.Since:yyyy-MM-dd}T00:00:00Z&until={window.Until:yyyy-MM-dd}T00:00:00Z", ct);
            taken.Add(Stopwatch.GetElapsedTime(start));
            using var matrix = JsonDocument.Parse(bytes);
            if (matrix.RootElement.GetProperty("cells").GetArrayLength() != month.Targets * month.Providers)
                throw new InvalidOperationException("Cells are missing.");
        }
        return taken.Skip(Uncounted).Order().ElementAt(Rounds / 2);
    }

    static async Task<TimeSpan> MedianAsync(CellQueries queries, MadeMonth month, CellWindow window, int rounds, CancellationToken ct)
    {
        var taken = new List<TimeSpan>();
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var matrix = await queries.MatrixAsync(MadeMonth.Country, window, 0, ct);
            taken.Add(Stopwatch.GetElapsedTime(start));
            if (matrix.Cells.Count != month.Targets * month.Providers)
                throw new InvalidOperationException($"{matrix.Cells.Count} cells");
        }
        return taken.Order().ElementAt(rounds / 2);
    }
}
