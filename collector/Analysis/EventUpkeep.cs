using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Tasks;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// Keeps events in step with the unit days: a host whose days changed has its changes found again, and a country whose changes
/// differ has them merged again. Both are what the pure functions say of everything in the window, whatever came when. What is in
/// doubt is noted for volunteers to look at.
/// </summary>
sealed partial class EventUpkeep(
    NpgsqlDataSource source, UnitDays unitDays, CellRules rules, TaskBounds tasks, TimeProvider time, AnalysisInstruments instruments, ILogger<EventUpkeep> log)
{
    // Measurements are accepted 15 days late; the rest is what came before a change, without which nobody knows that it is one.
    const int WindowDays = 60;

    // Of the window's first days nothing is said: what was before them is not looked at.
    const int RunIn = 5;

    const int HostsAtOnce = 100;

    // New measurements come first; who was not looked at is next time.
    static readonly TimeSpan LongestPass = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    readonly Dictionary<(string Cc, string Host), DateTimeOffset> _paused = [];
    readonly HashSet<DueEvents> _failed = [];

    /// <returns>Hosts and countries that were computed.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var done = 0;
        foreach (var countries in new[] { false, true })
            foreach (var due in await NextAsync(countries, ct))
            {
                done += await TryAsync(due, ct) ? 1 : 0;
                if (time.GetElapsedTime(started) > LongestPass)
                    break;
            }
        return done;
    }

    async Task<IReadOnlyList<DueEvents>> NextAsync(bool countries, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var over in _paused.Where(p => p.Value <= now).Select(p => p.Key).ToArray())
            _paused.Remove(over);
        return [.. (await EventDue.NextAsync(source, countries, HostsAtOnce + _paused.Count + _failed.Count, ct)).Where(d => !_paused.ContainsKey((d.Cc, d.Host)) && !_failed.Contains(d))];
    }

    async Task<bool> TryAsync(DueEvents due, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        try
        {
            await (due.Host.Length == 0 ? CountryAsync(due, ct) : HostAsync(due, ct));
        }
        catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
        {
            _failed.Add(due);
            instruments.Failed();
            Failed(e, due.Cc, due.Host);
            return false;
        }
        var took = time.GetElapsedTime(started);
        if (took > LongestPass / 10)
            _paused[(due.Cc, due.Host)] = time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(took.Ticks * 20, LongestPause.Ticks));
        return true;
    }

    async Task HostAsync(DueEvents due, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var window = CellWindow.UpTo(now.AddDays(1), WindowDays);
        var edge = window.Start.AddDays(RunIn);
        await using var connection = await source.OpenConnectionAsync(ct);
        var targets = Array.Empty<TargetChanges>();
        if (await EventChanges.IsEventfulAsync(connection, due.Cc, due.Host, window.Since, ct))
            targets = [.. (await unitDays.OfHostAsync(due.Cc, due.Host, window, ct)).GroupBy(d => d.Target, StringComparer.Ordinal).Select(target => EventSet.OfTarget(target, rules))];
        ProviderChange[] found =
        [
            .. targets.SelectMany(target => target.Changes).Where(c => c.Isp.At.Latest >= edge)
                .OrderBy(c => c.Target, StringComparer.Ordinal).ThenBy(c => c.Isp.Asn).ThenBy(c => c.Isp.At.Latest),
        ];
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await EventChanges.ReplaceSeriesAsync(connection, due.Cc, due.Host, window.Since, ct);
        var before = await EventChanges.OfHostAsync(connection, due.Cc, due.Host, edge, ct);
        if (!Same(before, found))
        {
            await EventChanges.ReplaceAsync(connection, due.Cc, due.Host, edge, found, ct);
            await EventDue.MarkCountriesAsync(connection, due.Cc, [.. before.Concat(found).Select(c => c.Target).Distinct(StringComparer.Ordinal)], ct);
        }
        await EventDue.SettleAsync(connection, due, ct);
        if (await TaskWishes.ReplaceAsync(connection, due.Cc, due.Host, targets.SelectMany(target => target.Questions), tasks.Wait, now, ct))
            await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
    }

    async Task CountryAsync(DueEvents due, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var found = EventSet.Merge(
            await EventChanges.OfCountryAsync(connection, due.Cc, ct), await EventChanges.WatchedAsync(connection, due.Cc, ct), await EventChanges.ElsewhereAsync(connection, due.Cc, ct));
        await EventTable.WriteAsync(connection, EventRebuild.Of(await EventTable.OfCountryAsync(connection, due.Cc, ct), found), time.GetUtcNow(), ct);
        await EventDue.SettleAsync(connection, due, ct);
        await transaction.CommitAsync(ct);
    }

    static bool Same(IReadOnlyList<ProviderChange> before, ProviderChange[] after) =>
        before.Count == after.Length && before.Zip(after).All(p => p.First with { Isp = p.First.Isp with { Mechanisms = p.Second.Isp.Mechanisms } } == p.Second
            && p.First.Isp.Mechanisms.SequenceEqual(p.Second.Isp.Mechanisms, StringComparer.Ordinal));

    [LoggerMessage(Level = LogLevel.Error, Message = "Events of {Host} in {Cc} cannot be computed and stay as they are")]
    private partial void Failed(Exception exception, string cc, string host);
}
