using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis.Worlds;
using ProbeNet.Collector.Tests.Store;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Moves;

/// <summary>Baselines at rest: frozen once, for ever, and what is said of moves rests on them.</summary>
public sealed class MoveStoreTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Baselines_are_frozen_once_and_tell_the_moves_that_the_world_file_tells(bool timescale)
    {
        await using var store = timescale ? await TestStore.OnTimescaleAsync() : await TestStore.OnPostgresAsync();
        var made = await FillAsync(store);
        await FreezeAsync(store);
        await FreezeAsync(store);
        var chain = await MoveBaselines.ReadAsync(store.Source, Ct);
        Assert.Null(chain.Fault);
        var expected = WorldAnalysis.MovesOf(made.World, WorldDays.Of(made.World));
        Assert.Equal(expected.Drifts.Select(d => (d.Baseline.Asn, d.Baseline.Since, d.Baseline.Until)), chain.Baselines.Select(b => (b.Asn, b.Since, b.Until)));
        Assert.All(chain.Baselines, b => Assert.Equal(DateOnly.FromDateTime(store.Clock.GetUtcNow().UtcDateTime), b.Frozen));
        Assert.True(expected.Moves.Count >= 3);
        // The store's calendar is empty.
        Assert.Equal(expected.Moves.Select(m => m with { ExplainedBy = null }), (await MovesAsync(store)).Moves);
    }

    [Fact]
    public async Task A_baseline_cannot_be_altered_and_one_that_was_shows()
    {
        await using var store = await TestStore.OnPostgresAsync();
        await FillAsync(store);
        await FreezeAsync(store);
        foreach (var statement in new[] { "update move_baseline set asn = 1", "delete from move_baseline", "truncate move_baseline" })
            Assert.Contains("only added to", (await Assert.ThrowsAsync<PostgresException>(() => store.ReadAsync<object>(statement))).Message, StringComparison.Ordinal);
        // Whoever owns the database can, and is found out.
        await RunAsync(store, "alter table move_baseline disable trigger move_baseline_stays");
        await RunAsync(store, """update move_baseline set text = replace(text, '"sights":', '"sights":1') where index = 1""");
        var chain = await MoveBaselines.ReadAsync(store.Source, Ct);
        Assert.Equal("baseline 1 is not as it was frozen", chain.Fault);
        Assert.Empty((await MovesAsync(store)).Moves);
        await RunAsync(store, "delete from move_baseline where index = 1");
        Assert.Equal("baseline 1 is not as it was frozen", (await MoveBaselines.ReadAsync(store.Source, Ct)).Fault);
    }

    static async Task<MovingWorld> FillAsync(TestStore store)
    {
        var made = MoveWorldMaker.Make(new(MoveKind.Gateway, Difficulty.Easy, 9, Isps: 8, Targets: 30, Localised: true, Plain: false));
        await using var connection = await store.Source.OpenConnectionAsync(Ct);
        foreach (var day in WorldDays.Of(made.World).GroupBy(d => d.Day))
            await UnitDays.ReplaceAsync(connection, [.. day], FingerprintSet.Empty.Version, Ct);
        store.Clock.AdjustTime(WorldMaker.Start.AddDays(MovePlan.Lead + MovePlan.Transition + MovePlan.Rest + 1));
        return made;
    }

    static Task FreezeAsync(TestStore store) =>
        new MoveUpkeep(store.Source, new UnitDays(store.Source), new ListTargets(store.Source), FingerprintSet.Empty, store.Clock).RunAsync(Ct);

    static async Task<MoveReport> MovesAsync(TestStore store)
    {
        using var queries = new MoveQueries(store.Source, new UnitDays(store.Source), FingerprintSet.Empty, new([]), store.Clock);
        return await queries.OfAsync("XA", CellWindow.UpTo(store.Clock.GetUtcNow()).Until, Ct);
    }

    static async Task RunAsync(TestStore store, string sql)
    {
        await using var command = store.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
