using System.Collections.Concurrent;
using Npgsql;
using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>How the blocking of a country is organised, from its unit days; what was dear is kept for a while.</summary>
sealed class AttributionQueries(NpgsqlDataSource source, UnitDays unitDays, ListTargets lists, CellRules rules, TimeProvider time) : IDisposable
{
    // A verdict is kept twenty times as long as it took, so that asking often does not cost more than a twentieth.
    const int Keep = 20;

    const int MostKept = 100;

    readonly ConcurrentDictionary<(string Cc, CellWindow Window, int MinimumUnits), (DateTimeOffset Computed, DateTimeOffset Until, CountryVerdict Verdict)> _kept = new();

    // All unit days of a country are in memory at once.
    readonly SemaphoreSlim _one = new(1);

    /// <param name="minimumUnits">Cells of fewer volunteers are left out.</param>
    public async Task<(DateTimeOffset Computed, CountryVerdict Verdict)> OfAsync(string cc, CellWindow window, int minimumUnits, CancellationToken ct)
    {
        var key = (cc, window, minimumUnits);
        if (_kept.TryGetValue(key, out var kept) && kept.Until > time.GetUtcNow())
            return (kept.Computed, kept.Verdict);
        await _one.WaitAsync(ct);
        try
        {
            if (_kept.TryGetValue(key, out kept) && kept.Until > time.GetUtcNow())
                return (kept.Computed, kept.Verdict);
            var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
            var categories = (await lists.OfAsync(cc, ct)).Where(t => t.CategoryCode.Length > 0).DistinctBy(t => t.Target).ToDictionary(t => t.Target, t => t.CategoryCode, StringComparer.Ordinal);
            var verdicts = CellSet.Judge(await WindowDays.ReadAsync(source, cc, window, null, ct), rules);
            var verdict = AttributionJudge.Judge([.. verdicts.Where(v => v.Cell.Units >= minimumUnits)], categories);
            if (_kept.Count >= MostKept)
                _kept.Clear();
            _kept[key] = (now, now + time.GetElapsedTime(started) * Keep, verdict);
            return (now, verdict);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>How the providers of one event block; null where <see cref="EventJudge"/> has nothing to say of it.</summary>
    /// <param name="end">The first day that does not count.</param>
    /// <param name="minimumUnits">Providers of fewer volunteers are left out.</param>
    public async Task<TargetVerdict?> OfEventAsync(BlockEvent e, DateOnly end, int minimumUnits, CancellationToken ct)
    {
        var window = EventJudge.WindowOf(e);
        window = window with { Until = window.Until < end ? window.Until : end };
        var days = (await unitDays.OfTargetAsync(e.Cc, e.Target, window, ct)).GroupBy(d => d.Asn).Where(isp => isp.Select(d => d.Unit).Distinct().Count() >= minimumUnits);
        return EventJudge.Of(e with { Isps = [.. e.Isps.Where(i => i.Units >= minimumUnits)] }, [.. days.SelectMany(isp => isp)]);
    }

    public void Dispose() => _one.Dispose();
}
