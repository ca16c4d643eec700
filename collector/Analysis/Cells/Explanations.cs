using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Turns a verdict into what people are shown: counts and words, no tags.</summary>
static class Explanations
{
    public static CellExplanation Of(CellVerdict verdict, CellWindow window, IReadOnlyList<UnitDay> days, IReadOnlyList<ControlDay> controls)
    {
        var groups = verdict.Units.Select(u => u.Group).Distinct().ToList();
        return new(
            verdict.Cell,
            window,
            verdict.Reasoning,
            RulesOf(verdict.Stretch),
            [
                .. verdict.Units.Select(u => new UnitEvidence(groups.IndexOf(u.Group) + 1, u.IsBound, u.Access, u.Scored, u.Interference, u.Evidence, u.Sustained,
                    [.. CellMechanisms.Of([u], s => s.Outcome.IsInterference()).Select(m => m.Name)], u.Artefacts)),
            ],
            [.. days.GroupBy(d => d.Day).OrderBy(g => g.Key).Select(g => DayOf(g.Key, [.. g]))],
            controls);
    }

    static RuleCount[] RulesOf(Stretch stretch) =>
    [
        .. stretch.Sights.SelectMany(s => s.Sight.Rules.Select(rule => (Rule: rule, Sight: s))).GroupBy(f => f.Rule, StringComparer.Ordinal)
            .Select(g => new RuleCount(g.Key, g.Count(), UnitCase.Certain(g.Select(f => f.Sight))))
            .OrderByDescending(r => r.Runs).ThenBy(r => r.Rule, StringComparer.Ordinal),
    ];

    static CellDay DayOf(DateOnly day, IReadOnlyList<UnitDay> units)
    {
        Sight[] runs = [.. units.SelectMany(u => u.Sights).Where(s => s.Reason == Reason.Scheduled)];
        int Count(Outcome outcome) => runs.Count(s => s.Outcome == outcome);
        return new(day, units.Select(u => u.Unit).Distinct().Count(), Count(Outcome.Artefact), Count(Outcome.Anomaly), Count(Outcome.Slow),
            Count(Outcome.Refused), Count(Outcome.Down), Count(Outcome.Ok), Count(Outcome.Discarded));
    }
}
