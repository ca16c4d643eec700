using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis.Reanalysis;

/// <summary>
/// Computes days again under the rules of this program: first everything beside what is in force, then one transaction that puts
/// it in its place, keeps what was said before and lists what is said otherwise now. What comes meanwhile is analysed as always.
/// </summary>
sealed class ReanalysisRun(
    NpgsqlDataSource source, HostJudging judging, ListTargets lists, CellUpkeep cells, EventUpkeep events, FingerprintSet fingerprints, CellRules rules,
    IOptions<RetentionOptions> retention, TimeProvider time)
{
    // One reanalysis at a time. Any number, as long as every version of the collector uses the same.
    const long AdvisoryLock = 7205759403792793604;

    // Days whose marks of wrong answers are in memory at once.
    const int DaysAtOnce = 5;

    // Unit days of so many hosts are in memory at once.
    const int HostsAtOnce = 25;

    /// <summary>From this day on measurements are all kept; what is older keeps what it said.</summary>
    public DateOnly Oldest => DateOnly.FromDateTime((time.GetUtcNow() - retention.Value.Measurements).UtcDateTime).AddDays(8);

    /// <summary>The days that other rules or fingerprints judged; null where there are none.</summary>
    public async Task<CellWindow?> OutdatedAsync(CancellationToken ct) =>
        await ReanalysisSwitch.OutdatedAsync(source, Rules.Version, fingerprints.Version, Oldest, ct) is var (first, last) ? new(first, last.AddDays(1)) : null;

    /// <param name="judged">Told of measurements as they are judged, from several threads.</param>
    /// <returns>Null while another one is under way.</returns>
    public async Task<ReanalysisOutcome?> RunAsync(CellWindow window, Action<long> judged, CancellationToken ct)
    {
        window = window with { Since = window.Since > Oldest ? window.Since : Oldest };
        await using var alone = await source.OpenConnectionAsync(ct);
        if (!(bool)(await ScalarAsync(alone, $"select pg_try_advisory_lock({AdvisoryLock})", ct))!)
            return null;
        try
        {
            return await SwitchAsync(await StageAsync(window, judged, ct), ct);
        }
        finally
        {
            if (alone.State == System.Data.ConnectionState.Open)
                await ScalarAsync(alone, $"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    /// <summary>The first half: nothing that is in force changes.</summary>
    internal async Task<ReanalysisOutcome> StageAsync(CellWindow window, Action<long> judged, CancellationToken ct)
    {
        var id = await AsAnalysisAsync(connection => ReanalysisTable.BeginAsync(connection, window, Rules.Version, fingerprints.Version, ct), ct);
        var pages = await lists.PagesAsync(ct);
        var measurements = 0L;
        for (var since = window.Since; since < window.Until; since = since.AddDays(DaysAtOnce))
            measurements += await judging.RunAsync(new(since, since.AddDays(DaysAtOnce) < window.Until ? since.AddDays(DaysAtOnce) : window.Until), pages, judged, ct);
        return new(id, window, Rules.Version, fingerprints.Version, measurements, 0, []);
    }

    /// <summary>The second half. Changes of events follow in the analysis, as after any change of unit days.</summary>
    internal Task<ReanalysisOutcome> SwitchAsync(ReanalysisOutcome staged, CancellationToken ct) => AsAnalysisAsync(async connection =>
    {
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            var hosts = await ReanalysisSwitch.HostsAsync(connection, ct);
            var before = await CellsAsync(connection, hosts, staged.Window, ct);
            staged = staged with { Changed = await ReanalysisSwitch.SwitchAsync(connection, staged.Id, ct) };
            staged = staged with { Cells = CellDifference.Between(before, await CellsAsync(connection, hosts, staged.Window, ct)) };
            foreach (var (cc, all) in hosts)
                foreach (var some in all.Chunk(HostsAtOnce))
                    await cells.RunAsync(connection, cc, staged.Window, some, ct);
            await ReanalysisSwitch.FinishAsync(connection, staged, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), ct);
            await transaction.CommitAsync(ct);
        }
        await ReanalysisTable.DropAsync(connection, ct);
        while (await events.RunAsync(ct) > 0) { }
        return staged;
    }, ct);

    async Task<List<Cell>> CellsAsync(NpgsqlConnection connection, IReadOnlyList<(string Cc, string[] Hosts)> hosts, CellWindow window, CancellationToken ct)
    {
        var found = new List<Cell>();
        foreach (var (cc, all) in hosts)
            foreach (var some in all.Chunk(HostsAtOnce))
                found.AddRange(CellSet.Of(await WindowDays.ReadAsync(connection, cc, window, some, 0, ct), rules));
        return found;
    }

    // While the analysis itself stands still: its pass is short, and it comes back.
    async Task<T> AsAnalysisAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await ScalarAsync(connection, $"select pg_advisory_lock({AnalysisWorker.AdvisoryLock})", ct);
        try
        {
            return await work(connection);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await ScalarAsync(connection, $"select pg_advisory_unlock({AnalysisWorker.AdvisoryLock})", CancellationToken.None);
        }
    }

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(ct);
    }
}
