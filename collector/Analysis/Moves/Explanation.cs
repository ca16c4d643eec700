using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>What else may explain a move.</summary>
static class Explanation
{
    // Reroutings and our rollouts take days; a provider may be ahead of its announcement.
    static readonly TimeSpan Ahead = TimeSpan.FromHours(24);
    static readonly TimeSpan Later = TimeSpan.FromHours(72);

    // Share of a version's sights that may contradict it.
    const double Stray = 0.05;
    const double Few = 0.01;

    // Share of a version's sights from which it sees the new pattern: it may show in one of several ways of blocking.
    const double Seen = 0.3;
    const int FewestSights = 3;

    static readonly TimeSpan Rollout = TimeSpan.FromDays(7);

    /// <summary>The nearest entry of the calendar; null where none is near.</summary>
    public static string? Of(Bracket at, IReadOnlyList<CalendarEntry> calendar)
    {
        var earliest = at.Earliest ?? at.Latest;
        return calendar.Where(e => e.At >= earliest - Later && e.At <= at.Latest + Ahead)
            .OrderBy(e => (e.At - at.Latest).Duration()).ThenBy(e => e.What, StringComparer.Ordinal).FirstOrDefault()?.What;
    }

    /// <summary>
    /// About the time of a move one version of the agent sees the new pattern while another beside it does not: afterwards, or already before.
    /// </summary>
    /// <returns>Null also where the versions were not there at the same time.</returns>
    public static string? ReleaseAt(Move move, ProviderTraces provider, FrozenBaseline baseline, CommonPattern common)
    {
        var told = provider.Traces.Where(t => t.Version is not null && (t.Time - move.At.Latest).Duration() <= Rollout)
            .Select(t => (t.Version, t.Time, New: common.IsNew(t, baseline))).Where(t => t.New is not null).ToLookup(t => t.Time >= move.At.Latest);
        (string Version, double New)[] Shares(bool after) =>
        [
            .. told[after].GroupBy(t => t.Version!, StringComparer.Ordinal).Where(g => g.Count() >= FewestSights)
                .Select(g => (g.Key, g.Average(t => t.New == true ? 1.0 : 0))).OrderBy(v => v.Key, StringComparer.Ordinal),
        ];
        foreach (var shares in new[] { Shares(after: true), Shares(after: false) })
            if (shares.Where(v => v.New >= Seen).Select(v => v.Version).ToArray() is { Length: > 0 } seeing && shares.Any(v => v.New <= Stray))
                return Named(seeing);
        return null;
    }

    static string Named(IEnumerable<string> versions) => $"agent {string.Join(", ", versions)}: other versions do not see it";

    /// <summary>Some versions of the agent see nothing but the new pattern and the others nothing of it: then the agent changed, not the network.</summary>
    public static string? ReleaseOf(IReadOnlyList<(ProviderTraces Provider, FrozenBaseline Baseline)> moved, CommonPattern common)
    {
        var versions = new SortedDictionary<string, (double New, double All)>(StringComparer.Ordinal);
        foreach (var (provider, baseline) in moved)
            foreach (var trace in provider.Traces)
                if (common.IsNew(trace, baseline) is { } isNew)
                {
                    // Without versions nothing is known.
                    if (trace.Version is null)
                        return null;
                    var (of, all) = versions.GetValueOrDefault(trace.Version);
                    versions[trace.Version] = (of + (isNew ? trace.Weight : 0), all + trace.Weight);
                }
        var total = versions.Values.Sum(v => v.All);
        var counted = versions.Where(v => v.Value.All >= Few * total).Select(v => (v.Key, Share: v.Value.New / v.Value.All)).ToArray();
        return counted.Any(v => v.Share <= Stray) && counted.Any(v => v.Share >= 1 - Stray) && counted.All(v => v.Share is <= Stray or >= 1 - Stray)
            ? Named(counted.Where(v => v.Share >= 1 - Stray).Select(v => v.Key)) : null;
    }
}
