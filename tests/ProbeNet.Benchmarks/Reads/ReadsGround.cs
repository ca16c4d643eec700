using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Store;
using ProbeNet.Testing;

namespace ProbeNet.Benchmarks.Reads;

/// <summary>
/// A collector with RabbitMQ and PostgreSQL over 3 million measurements of 500 sites at 30 providers: 32 days, of which an analyst's last
/// thirty and the public's, who see a day when it has been over for one, are each a month.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
sealed class ReadsGround : IAsyncDisposable
{
    public const int Month = 30;

    const int PublicLag = 2;
    const string List = "kh";

    // Beside a store that is used again: the public files are made once too.
    static readonly Dictionary<string, string> Kept = new() { ["PROBENET_Collector__StateDirectory"] = Path.Combine(Path.GetTempPath(), "probenet-benchmark-reads") };

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    readonly PostgresProcess? _server;
    readonly NpgsqlDataSource _store;

    ReadsGround(PostgresProcess? server, NpgsqlDataSource store, MadeMonth made) => (_server, _store, Made) = (server, store, made);

    public MadeMonth Made { get; }

    public CollectorUnderTest Collector { get; private set; } = null!;

    /// <summary>REST and pages with an analyst's key; what comes is counted as it travels, compressed.</summary>
    public HttpClient Analyst { get; private set; } = null!;

    public HttpClient Public { get; private set; } = null!;

    /// <summary>Every process that works; of a PostgreSQL that was there before nothing is known.</summary>
    public IReadOnlyList<(string Name, int Pid)> Processes => _server is null ? Collector.Processes : [.. Collector.Processes, ("postgresql", _server.Pid)];

    /// <summary>The last thirty days that an analyst sees.</summary>
    public CellWindow AnalystMonth => CellWindow.Ending(Made.Window.Until, Month);

    public CellWindow PublicMonth => CellWindow.Ending(Made.Window.Until.AddDays(-PublicLag), Month);

    /// <param name="options">A store named there is filled once and found full the next time.</param>
    public static async Task<ReadsGround> StartAsync(BenchmarkOptions options, CancellationToken ct)
    {
        var server = options.Store is null ? await PostgresProcess.StartAsync() : null;
        var store = options.Store ?? await server!.CreateDatabaseAsync();
        var made = MadeMonth.Wide(CellWindow.UpTo(TimeProvider.System.GetUtcNow(), Month + PublicLag));
        var ground = new ReadsGround(server, NpgsqlDataSource.Create(store), made);
        try
        {
            await ground.FillAsync(ct);
            ground.Collector = await CollectorUnderTest.StartAsync(options with { Broker = true }, ct, store, options.Store is null ? null : Kept);
            await ground.ReleaseAsync(ct);
            var key = await ground.Collector.KeyAsync(ct);
            ground.Analyst = ground.Client(key);
            ground.Public = ground.Client(null);
            await ground.AtRestAsync(ct);
            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    public Task<long> StoredAsync(CancellationToken ct) => NumberAsync("select count(*) from measurement", ct);

    public static string Asked(string path, CellWindow window) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}?cc={MadeMonth.Country}&since={window.Since:yyyy-MM-dd}&until={window.Until:yyyy-MM-dd}");

    /// <summary>The body as it is, and how many bytes of it travelled.</summary>
    public static async Task<(byte[] Body, int Travelled)> ReadAsync(HttpClient reader, string path, CancellationToken ct)
    {
        using var answer = await reader.GetAsync(path, ct);
        var bytes = await answer.Content.ReadAsByteArrayAsync(ct);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode}");
        if (!answer.Content.Headers.ContentEncoding.Contains("gzip"))
            return (bytes, bytes.Length);
        using var plain = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
            await gzip.CopyToAsync(plain, ct);
        return (plain.ToArray(), bytes.Length);
    }

    public async ValueTask DisposeAsync()
    {
        Analyst?.Dispose();
        Public?.Dispose();
        if (Collector is not null)
            await Collector.DisposeAsync();
        await _store.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    HttpClient Client(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Collector.Web };
        client.DefaultRequestHeaders.AcceptEncoding.Add(new("gzip"));
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    async Task FillAsync(CancellationToken ct)
    {
        await new Migrator(_store).ApplyAsync(ct);
        var watch = Stopwatch.StartNew();
        var (days, rows) = (await NumberAsync("select count(*) from unit_day", ct), await StoredAsync(ct));
        if (days == 0)
        {
            await Made.FillAsync(_store, FingerprintSet.Empty.Version, ct);
            await using var connection = await _store.OpenConnectionAsync(ct);
            await EventDue.MarkAsync(connection, MadeMonth.Country, Enumerable.Range(0, Made.Targets).Select(MadeMonth.HostOf), ct);
        }
        else if (await NumberAsync($"select count(*) from unit_day where day = '{Made.Window.Since:yyyy-MM-dd}'", ct) == 0)
            throw new InvalidOperationException("The store was filled on another day; take an empty one.");
        if (rows == 0)
            await new StoredMonth(Made, new Random(1)).StoreAsync(_store, ct);
        await using (var analyse = _store.CreateCommand("analyze"))
            await analyse.ExecuteNonQueryAsync(ct);
        Console.WriteLine($"{Made.Measurements:N0} measurements of {Made.Window.Days} days, {Made.UnitDays:N0} unit days, {Made.Targets} sites, {Made.Providers} providers; filled in {watch.Elapsed.TotalSeconds:0} s");
    }

    async Task ReleaseAsync(CancellationToken ct)
    {
        if (await NumberAsync("select count(*) from list_release", ct) > 0)
            return;
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Made.Targets).Select(n => $"https://{MadeMonth.HostOf(n)}/,NEWS").Prepend("url,category_code"), ct);
        await Collector.SayAsync(ct, "list", "import", file, "--name", List, "--cc", MadeMonth.Country);
        var said = await Collector.SayAsync(ct, "list", "release", List);
        File.Delete(file);
        if (!said.StartsWith("Released", StringComparison.Ordinal))
            throw new InvalidOperationException($"Not released: {said}");
    }

    // A month that is new to a collector has its windows, events and public files made first.
    async Task AtRestAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        using var plain = await Collector.ReaderAsync(ct);
        await MatrixBenchmark.AtRestAsync(plain, Made.Window.Until.AddDays(-PublicLag - 1), ct);
        await Eventually.TrueAsync("windows and events are made", async () =>
        {
            await Task.Delay(Glance, ct);
            return await NumberAsync("select count(*) from event_due", ct) == 0
                && await NumberAsync("select count(*) from cell_window", ct) >= WindowUpkeep.Wanted(TimeProvider.System.GetUtcNow()).Count;
        }, Patience);
        Console.WriteLine($"windows, events and public files made in {watch.Elapsed.TotalSeconds:0} s");
    }

    async Task<long> NumberAsync(string sql, CancellationToken ct)
    {
        await using var command = _store.CreateCommand(sql);
        command.CommandTimeout = 0;
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }
}
