using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>The time line of a target at one provider.</summary>
sealed class Series
{
    readonly UnitSight[] _sights;

    Series(IReadOnlyList<UnitDay> days, double baseline)
    {
        (Cc, Target, Asn) = (days[0].Cc, days[0].Target, days[0].Asn);
        _sights =
        [
            .. days.SelectMany(d => d.Sights.Where(s => s.IsScored).Select(s => new UnitSight(d.Unit, d.Group, true, d.Access, s)))
                .OrderBy(s => s.Sight.Time).ThenBy(s => s.Unit).ThenBy(s => s.Sight.Outcome),
        ];
        var detector = ChangeDetector.Over(_sights.Select(s => new SeriesSight(s.Sight.Time, s.Group, s.Sight.Outcome.IsInterference(), s.Sight.Outcome == Outcome.Artefact)), baseline);
        (Changes, Question) = (detector.Changes, detector.Question);
    }

    public string Cc { get; }
    public string Target { get; }
    public long Asn { get; }
    public IReadOnlyList<ChangePoint> Changes { get; }
    public OpenQuestion? Question { get; }

    public static Series Of(IReadOnlyList<UnitDay> days, double baseline) => new(days, baseline);

    public EventIsp IspOf(ChangePoint change) => new(
        Asn, change.At, change.DetectedAt, change.ConfirmedAt, change.Withdrawn, MechanismsAt(change), UnitsAt(change),
        change.Kind == ChangeKind.Onset && FollowsARelease(change) ? EventContrasts.Release : null);

    // Those who saw it change, and those who looked meanwhile and saw no change.
    int UnitsAt(ChangePoint change) => UnitCase.Certain(_sights.Where(s => s.Sight.Time >= change.At.Earliest && s.Sight.Time <= change.DetectedAt));

    IReadOnlyList<string> MechanismsAt(ChangePoint change)
    {
        var before = change.Kind == ChangeKind.End ? change.At.Latest : change.DetectedAt;
        return
        [
            .. _sights.Where(s => s.Sight.Outcome.IsInterference() && s.Sight.Time <= before && (change.Kind == ChangeKind.End || s.Sight.Time >= change.At.Latest))
                .SelectMany(s => s.Sight.Mechanisms.Take(1)).GroupBy(m => m.Name, StringComparer.Ordinal)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key),
        ];
    }

    /// <summary>Everybody who sees it runs a version that nobody ran who saw the target open.</summary>
    bool FollowsARelease(ChangePoint change)
    {
        string?[] bad = [.. _sights.Where(s => s.Sight.Outcome.IsInterference() && s.Sight.Time >= change.At.Latest && s.Sight.Time <= change.DetectedAt).Select(s => s.Sight.AgentVersion).Distinct()];
        string?[] good = [.. _sights.Where(s => !s.Sight.Outcome.IsInterference() && s.Sight.Time <= change.DetectedAt).Select(s => s.Sight.AgentVersion).Distinct()];
        // Without versions nothing is known; a version that measured nothing before is the suspect.
        return bad.Length > 0 && good.Length > 0 && !bad.Contains(null) && !good.Contains(null) && !bad.Intersect(good).Any()
            && _sights.Any(s => s.Sight.Time > change.At.Latest && s.Sight.Time <= change.DetectedAt && good.Contains(s.Sight.AgentVersion));
    }
}
