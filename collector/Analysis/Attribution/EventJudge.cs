using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>How the providers of one onset block, from what was seen of it while it was new.</summary>
static class EventJudge
{
    const int FewestGroups = 2;

    /// <summary>Days whose sights bear on an event's organisation.</summary>
    public static CellWindow WindowOf(BlockEvent e) => new(DayOf(From(e)), DayOf(To(e)).AddDays(1));

    /// <param name="days">Of the event's target in <see cref="WindowOf"/>, all providers.</param>
    /// <returns>Null of an end, and of what something else than blocking explains.</returns>
    public static TargetVerdict? Of(BlockEvent e, IReadOnlyList<UnitDay> days)
    {
        if (e.Kind != ChangeKind.Onset || !EventStates.Counts(e.Status))
            return null;
        var began = e.Isps.Where(i => i is { Withdrawn: false, Withheld: null }).GroupBy(i => i.Asn).ToDictionary(g => g.Key, g => g.First());
        var seen = days.Where(d => d.AsnSource == AsnSource.Bound)
            .SelectMany(d => d.Sights.Where(s => s.IsScored && s.Time >= From(e) && s.Time <= To(e)).Select(s => (d.Asn, d.Group, Sight: s)))
            .ToLookup(s => s.Asn, s => (s.Group, s.Sight));
        var compared = seen.Where(isp => began.ContainsKey(isp.Key) || isp.Select(s => s.Group).Distinct().Count() >= FewestGroups).Select(isp => isp.Key).ToArray();
        IspColumn[] blocking =
        [
            .. began.Values.OrderBy(i => i.Asn)
                .Select(i => (i.Asn, Seen: seen[i.Asn].Where(s => s.Sight.Outcome.IsInterference() && s.Sight.Time >= i.At.Latest).ToArray())).Where(i => i.Seen.Length > 0)
                .Select(i => new IspColumn(i.Asn, [BlockedCell.Of(i.Seen)])),
        ];
        return TargetJudge.Judge(e.Target, compared.Length, blocking, OnsetAgreement.Of([began.Values.Select(i => i.At)]));
    }

    static DateTimeOffset From(BlockEvent e) => e.At.Earliest ?? e.At.Latest;

    static DateTimeOffset To(BlockEvent e) => e.Isps.Max(i => i.DetectedAt) + EventSet.Rollout;

    static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
