using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>The moves of one country. A pure function of unit days, frozen baselines and calendar.</summary>
static class MoveSet
{
    /// <param name="days">From the baselines' first day on: all days of a target at a provider, or none.</param>
    /// <param name="baselines">One a provider.</param>
    public static MoveReport Of(IEnumerable<UnitDay> days, IReadOnlyList<FrozenBaseline> baselines, IReadOnlyList<CalendarEntry> calendar)
    {
        var ofProvider = days.ToLookup(d => d.Asn);
        return Of([.. baselines.OrderBy(b => b.Asn).Select(b => (ProviderTraces.Of(b.Asn, ofProvider[b.Asn]), b))], calendar);
    }

    public static MoveReport Of(IReadOnlyList<(ProviderTraces Provider, FrozenBaseline Baseline)> providers, IReadOnlyList<CalendarEntry> calendar)
    {
        var common = CommonPattern.Of(providers);
        var found = providers.Select(p => (p.Provider, p.Baseline, Move: MoveDetector.Find(p.Provider, p.Baseline, common))).Where(m => m.Move is not null).ToArray();
        // Fewer have nothing that could be called common.
        if (found.Length < CommonPattern.FewestIsps)
            found = [];
        string?[] releases = [.. found.Select(m => Explanation.ReleaseAt(m.Move!, m.Provider, m.Baseline, common))];
        // What a release made at half of them is no pattern of the network at the others either.
        var release = releases.Count(r => r is not null) * 2 >= found.Length ? releases.FirstOrDefault(r => r is not null)
            : Explanation.ReleaseOf([.. found.Select(m => (m.Provider, m.Baseline))], common);
        var after = found.Length == 0 ? null
            : Signature.Mean([.. found.Select(m => Signature.Of([.. m.Provider.Traces.Where(t => t.Time >= m.Move!.At.Latest && common.IsNew(t, m.Baseline) == true)])).Where(s => !s.IsEmpty)]);
        return new(
            [.. found.Select((m, i) => m.Move! with { ExplainedBy = release ?? releases[i] ?? Explanation.Of(m.Move!.At, calendar) }).OrderBy(m => m.At.Latest).ThenBy(m => m.Asn)],
            [.. providers.Select(p => new Drift(p.Baseline, [.. p.Provider.Traces.GroupBy(t => t.Day).OrderBy(d => d.Key).Select(d => DayOf(d.Key, [.. d], p.Baseline, after))]))]);
    }

    static DriftDay DayOf(DateOnly day, Trace[] traces, FrozenBaseline baseline, Signature? common)
    {
        var seen = Signature.Of(traces);
        return new(day, Math.Round(baseline.Signature.DistanceTo(seen), 3), common is null ? null : Math.Round(common.DistanceTo(seen), 3),
            traces.Select(t => t.Unit).Distinct().Count());
    }
}
