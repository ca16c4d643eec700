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

    /// <summary>The nearest entry of the calendar; null where none is near.</summary>
    public static string? Of(Bracket at, IReadOnlyList<CalendarEntry> calendar)
    {
        var earliest = at.Earliest ?? at.Latest;
        return calendar.Where(e => e.At >= earliest - Later && e.At <= at.Latest + Ahead)
            .OrderBy(e => (e.At - at.Latest).Duration()).ThenBy(e => e.What, StringComparer.Ordinal).FirstOrDefault()?.What;
    }

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
            ? $"agent {string.Join(", ", counted.Where(v => v.Share >= 1 - Stray).Select(v => v.Key))}: other versions do not see it" : null;
    }
}
