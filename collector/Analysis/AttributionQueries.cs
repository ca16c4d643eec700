using Npgsql;
using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>How the blocking of a country is organised, from its unit days; what was dear is kept for a while.</summary>
sealed class AttributionQueries(NpgsqlDataSource source, UnitDays unitDays, ListTargets lists, CellRules rules, TimeProvider time) : IDisposable
{
    readonly KeptAnswers<(string Cc, CellWindow Window, int MinimumUnits), (CountryVerdict Verdict, ComponentIntervals Intervals)> _kept = new(time);

    /// <param name="minimumUnits">Cells and days of fewer volunteers are left out.</param>
    public Task<(DateTimeOffset Computed, (CountryVerdict Verdict, ComponentIntervals Intervals) Found)> OfAsync(string cc, CellWindow window, int minimumUnits, CancellationToken ct) =>
        _kept.GetAsync((cc, window, minimumUnits), async cancel =>
        {
            var categories = (await lists.OfAsync(cc, cancel)).Where(t => t.CategoryCode.Length > 0).DistinctBy(t => t.Target).ToDictionary(t => t.Target, t => t.CategoryCode, StringComparer.Ordinal);
            var verdicts = CellSet.Judge(await WindowDays.ReadAsync(source, cc, window, null, minimumUnits, cancel), rules);
            CellVerdict[] counted = [.. verdicts.Where(v => v.Cell.Units >= minimumUnits)];
            return (AttributionJudge.Judge(counted, categories), ComponentIntervals.Of(counted, categories));
        }, ct);

    /// <summary>How the providers of one event block; null where <see cref="EventJudge"/> has nothing to say of it.</summary>
    /// <param name="end">The first day that does not count.</param>
    /// <param name="minimumUnits">Providers and days of fewer volunteers are left out.</param>
    public async Task<TargetVerdict?> OfEventAsync(BlockEvent e, DateOnly end, int minimumUnits, CancellationToken ct)
    {
        var window = EventJudge.WindowOf(e);
        window = window with { Until = window.Until < end ? window.Until : end };
        var days = PublishedDays.Of(await unitDays.OfTargetAsync(e.Cc, e.Target, window, ct), minimumUnits).GroupBy(d => d.Asn).Where(isp => isp.Select(d => d.Unit).Distinct().Count() >= minimumUnits);
        return EventJudge.Of(e with { Isps = [.. e.Isps.Where(i => i.Units >= minimumUnits)] }, [.. days.SelectMany(isp => isp)]);
    }

    public void Dispose() => _kept.Dispose();
}
