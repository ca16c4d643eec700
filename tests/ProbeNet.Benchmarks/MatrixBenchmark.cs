using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks;

/// <summary>
/// How long the matrix takes over what 3 million measurements leave behind: 200 targets, 12 providers, 30 days, three units
/// each, 14 sights a unit and day. From the cell table, which holds the windows people ask for, and from the unit days.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
static class MatrixBenchmark
{
    internal const int Targets = 200, Providers = 12, Days = BenchmarkOptions.MostDays, Units = 3, Sights = 14;
    internal const string Country = "KH";

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
        await FillAsync(source, CellWindow.UpTo(time.GetUtcNow(), Days), ct);
        await using (var analyse = source.CreateCommand("analyze"))
            await analyse.ExecuteNonQueryAsync(ct);
        var rules = new AnalysisOptions().Rules;
        Console.WriteLine($"filled {Targets * Providers * Days * Units * Sights:N0} measurements as {Targets * Providers * Days * Units:N0} unit days in {watch.Elapsed.TotalSeconds:0} s");
        watch.Restart();
        await new WindowUpkeep(source, new(source), rules, time).RunAsync(ct);
        Console.WriteLine($"cells of {WindowUpkeep.Wanted(time.GetUtcNow()).Count} windows computed from them in {watch.Elapsed.TotalSeconds:0.0} s");

        var queries = new CellQueries(source, new(source), new(source), new(source), new(source), rules, time);
        await using var collector = await CollectorUnderTest.StartAsync(options with { Roles = "web" }, ct, store);
        using var reader = await collector.ReaderAsync(ct);
        watch.Restart();
        await AtRestAsync(reader, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-2), ct);
        Console.WriteLine($"public files of {Days - 2} days made from them in {watch.Elapsed.TotalSeconds:0} s");
        var median = await MedianAsync(reader, CellWindow.UpTo(time.GetUtcNow(), Days), ct);
        Console.WriteLine($"matrix, {Days} days, over REST: median {median.TotalMilliseconds:0.0} ms");
        Console.WriteLine($"matrix, {CellWindow.DefaultDays} days, over REST: median {(await MedianAsync(reader, CellWindow.UpTo(time.GetUtcNow()), ct)).TotalMilliseconds:0.0} ms");
        var uncommon = CellWindow.Ending(CellWindow.UpTo(time.GetUtcNow()).Until, Days - 1);
        Console.WriteLine($"matrix, {uncommon.Days} days, from unit days: median {(await MedianAsync(queries, uncommon, 3, ct)).TotalMilliseconds:0} ms");
        return median <= TimeSpan.FromMilliseconds(50) ? 0 : 1;
    }

    /// <summary>A collector that finds a month new to it makes that month's public files first, and answers slower meanwhile.</summary>
    static Task AtRestAsync(HttpClient reader, DateOnly latest, CancellationToken ct) => Eventually.TrueAsync("the public files are made", async () =>
    {
        using var dumps = JsonDocument.Parse(await reader.GetByteArrayAsync("api/v1/dumps", ct));
        return dumps.RootElement.GetProperty("items").EnumerateArray().Any(dump => dump.GetProperty("day").GetDateTime() == latest.ToDateTime(TimeOnly.MinValue));
    }, Patience);

    static async Task<TimeSpan> MedianAsync(HttpClient reader, CellWindow window, CancellationToken ct)
    {
        var taken = new List<TimeSpan>();
        for (var i = 0; i < Uncounted + Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var bytes = await reader.GetByteArrayAsync($"api/v1/matrix?cc={Country}&since={window.Since:yyyy-MM-dd}T00:00:00Z&until={window.Until:yyyy-MM-dd}T00:00:00Z", ct);
            taken.Add(Stopwatch.GetElapsedTime(start));
            using var matrix = JsonDocument.Parse(bytes);
            if (matrix.RootElement.GetProperty("cells").GetArrayLength() != Targets * Providers)
                throw new InvalidOperationException("Cells are missing.");
        }
        return taken.Skip(Uncounted).Order().ElementAt(Rounds / 2);
    }

    static async Task<TimeSpan> MedianAsync(CellQueries queries, CellWindow window, int rounds, CancellationToken ct)
    {
        var taken = new List<TimeSpan>();
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var matrix = await queries.MatrixAsync(Country, window, 0, ct);
            taken.Add(Stopwatch.GetElapsedTime(start));
            if (matrix.Cells.Count != Targets * Providers)
                throw new InvalidOperationException($"{matrix.Cells.Count} cells");
        }
        return taken.Order().ElementAt(rounds / 2);
    }

    internal static async Task FillAsync(NpgsqlDataSource source, CellWindow window, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        for (var target = 0; target < Targets; target++)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            for (var day = window.Since; day < window.Until; day = day.AddDays(1))
                await UnitDays.ReplaceAsync(connection, Country, HostOf(target), day, Made(target, day), "benchmark", ct);
            await transaction.CommitAsync(ct);
        }
    }

    static List<UnitDay> Made(int target, DateOnly day)
    {
        var days = new List<UnitDay>();
        for (var provider = 0; provider < Providers; provider++)
        {
            for (var unit = 0; unit < Units; unit++)
                days.Add(new()
                {
                    Day = day,
                    Cc = Country,
                    Asn = AsnOf(provider),
                    Host = HostOf(target),
                    Target = HostOf(target),
                    Unit = new(UnitOf(provider, unit)),
                    Group = new(UnitOf(provider, unit)),
                    AsnSource = AsnSource.Bound,
                    Access = Access.Fixed,
                    Sights = [.. Enumerable.Range(0, Sights).Select(n => Seen(day, n, IsBlocked(target, provider)))],
                    Witness = Guid.Empty,
                });
        }
        return days;
    }

    internal static string HostOf(int target) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"site{target}.example");

    internal static long AsnOf(int provider) => 64_501 + provider;

    internal static byte[] UnitOf(int provider, int unit) => [(byte)provider, (byte)unit];

    internal static bool IsBlocked(int target, int provider) => target % 10 == 0 && provider % 3 == 0;

    internal static DateTimeOffset TimeOf(DateOnly day, int n) => new(day.ToDateTime(new TimeOnly(n, 0)), TimeSpan.Zero);

    static Sight Seen(DateOnly day, int n, bool isBlocked)
    {
        var at = TimeOf(day, n);
        return isBlocked
            ? new(at, 60, Reason.Scheduled, Outcome.Artefact, null, [new("dns.injection.sink", "resolver")], ["dns.sink"], ["sink"], ["192.0.2.1"])
            : new(at, 60, Reason.Scheduled, Outcome.Ok, null, [], ["ok"], [], []);
    }
}
