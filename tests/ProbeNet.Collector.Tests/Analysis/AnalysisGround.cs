using System.IO.Compression;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Reanalysis;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>A store with a writer and the analysis over it, as `serve` puts them together.</summary>
sealed class AnalysisGround : IAsyncDisposable
{
    readonly TestStore _store;
    readonly ServiceProvider _services;
    readonly List<TestKey> _keys = [];

    AnalysisGround(TestStore store)
    {
        _store = store;
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(store.Clock);
        services.AddSingleton(store.Source);
        services.AddSingleton<WriterLoad>();
        services.AddLogging().AddMetrics().AddOptions<RetentionOptions>();
        services.AddAnalysisQueries().AddAnalysis();
        _services = services.BuildServiceProvider();
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TestStore Store => _store;

    public CellQueries Cells => _services.GetRequiredService<CellQueries>();

    public FindingQueries Findings => _services.GetRequiredService<FindingQueries>();

    public CellWindow Window => CellWindow.UpTo(_store.Clock.GetUtcNow());

    public static async Task<AnalysisGround> OnPostgresAsync(DateTimeOffset? now = null) => new(await TestStore.OnPostgresAsync(now));

    public static async Task<AnalysisGround> OnTimescaleAsync() => new(await TestStore.OnTimescaleAsync());

    public TestKey Volunteer(byte unit, uint asn = 64501, byte? group = null)
    {
        var key = new TestKey(asn: asn);
        key.Certificate.Unit = ByteString.CopyFrom(unit);
        key.Certificate.Group = ByteString.CopyFrom(group ?? (byte)(100 + unit));
        _keys.Add(key);
        return key;
    }

    public TestKey Control(byte unit, uint asn)
    {
        var key = new TestKey(Role.Control, "SE", asn);
        key.Certificate.Unit = ByteString.CopyFrom(unit);
        _keys.Add(key);
        return key;
    }

    /// <summary>Stores measurements of the page, one an hour before now, the latest an hour ago.</summary>
    public async Task SeesAsync(TestKey key, Page page, int runs = 4, int daysAgo = 0)
    {
        for (var i = 1; i <= runs; i++)
        {
            var batch = key.Next(1, TestKey.Noon.AddDays(-daysAgo).AddHours(-i), page.Host, (facts, circumstance) =>
            {
                facts.MergeFrom(page.Facts);
                facts.Input = page.Facts.Input;
                circumstance.Cc = key.Certificate.Cc;
            });
            await _store.Writer.WriteAsync(batch, Ct);
        }
    }

    /// <summary>Works until no day is marked.</summary>
    public async Task SettleAsync()
    {
        var worker = _services.GetRequiredService<AnalysisWorker>();
        while (await worker.RunAsync(Ct) > 0) { }
        Assert.Equal(0, await _store.CountAsync("dirty"));
    }

    public ReanalysisRun Reanalysis => _services.GetRequiredService<ReanalysisRun>();

    public async Task<ReanalysisOutcome> ReanalyzeAsync()
    {
        var judged = 0L;
        var outcome = await Reanalysis.RunAsync(Window, some => Interlocked.Add(ref judged, some), Ct);
        Assert.Equal(outcome!.Measurements, judged);
        return outcome;
    }

    /// <summary>Computes the table's cells from the unit days as they are.</summary>
    public async Task CellsAnewAsync()
    {
        await _store.ReadAsync<long>("with gone as (delete from cell_window returning 1) select count(*) from gone");
        await _services.GetRequiredService<WindowUpkeep>().RunAsync(Ct);
    }

    /// <summary>Marks every day that was computed.</summary>
    public Task MarkAllAsync() => _store.ReadAsync<long>(
        """
        with marked as (
            insert into dirty select d.cc, d.host, d.day, nextval('dirty_mark') from (select distinct cc, host, day from unit_day) d
            on conflict (cc, target, day) do update set marked = excluded.marked returning 1)
        select count(*) from marked
        """);

    /// <summary>Computes the volunteers' last day of a host from everything, whatever of the log was read.</summary>
    public Task WholeAsync(string host) =>
        _services.GetRequiredService<DayAnalysis>().RunAsync(new("KH", host, DateOnly.FromDateTime(TestKey.Noon.UtcDateTime), 0), Ct);

    public async Task<Cell> CellAsync(string target, long asn = 64501)
    {
        var matrix = await Cells.MatrixAsync("KH", Window, 0, Ct);
        return matrix.Cells.Single(c => c.Target == target && c.Asn == asn);
    }

    public Task ListAsync(params (string Input, string Target, bool Page)[] entries) => ListAsync(new(), entries);

    /// <param name="about">What travels with the list.</param>
    public async Task ListAsync(TestList about, params (string Input, string Target, bool Page)[] entries)
    {
        using var content = new MemoryStream();
        using (var gzip = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
            about.WriteTo(gzip);
        var signed = new SignedTestList { Content = ByteString.CopyFrom(content.ToArray()) }.ToByteArray();
        await _store.ReadAsync<string>("insert into list_release (list, version, signed, target_cc, target_asn, entries, released, expires) values ('kh', 1, $2, '{}', '{}', $1, '2026-11-01', '2026-12-30') returning list", entries.Length, signed);
        for (var i = 0; i < entries.Length; i++)
            await _store.ReadAsync<string>("insert into list_entry (list, version, position, input, target, category_code, priority, page) values ('kh', 1, $1, $2, $3, 'NEWS', false, $4) returning list",
                i, entries[i].Input, entries[i].Target, entries[i].Page);
    }

    /// <summary>Sets the keys' units aside.</summary>
    public async Task SetAsideAsync(params TestKey[] keys)
    {
        var agents = new AgentKeys(_store.Source, _store.Clock);
        foreach (var key in keys)
        {
            await using (var connection = await _store.Source.OpenConnectionAsync(Ct))
            {
                await using var transaction = await connection.BeginTransactionAsync(Ct);
                await AgentKeys.AddAsync(key.Certificate, connection, transaction, Ct);
                await transaction.CommitAsync(Ct);
            }
            Assert.Equal(1, await agents.QuarantineAsync(Convert.ToHexStringLower(KeyId.Of(key.PublicKey.Span)), "it lies", Ct));
        }
    }

    public async Task BringBackAsync(params TestKey[] keys)
    {
        foreach (var key in keys)
            Assert.True(await new AgentKeys(_store.Source, _store.Clock).LiftAsync(Convert.ToHexStringLower(KeyId.Of(key.PublicKey.Span)), "a mistake of ours", Ct));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in _keys)
            key.Dispose();
        await _services.DisposeAsync();
        await _store.DisposeAsync();
    }
}
