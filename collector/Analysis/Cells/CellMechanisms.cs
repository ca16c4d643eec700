using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>The mechanisms of a cell out of those of its sights.</summary>
static class CellMechanisms
{
    /// <summary>Those that most groups saw first, then those that most homes did, and among them the strongest.</summary>
    public static IReadOnlyList<CellMechanism> Of(IReadOnlyList<UnitCase> units, Func<Sight, bool> counts)
    {
        var seen = new List<(string Name, string? Via, int Rank, UnitCase Unit, Sight Sight)>();
        foreach (var unit in units)
            foreach (var sight in unit.Sights.Where(counts))
                for (var i = 0; i < sight.Mechanisms.Count; i++)
                    seen.Add((sight.Mechanisms[i].Name, sight.Mechanisms[i].Via, i, unit, sight));
        var names = seen.Select(s => s.Name).Distinct(StringComparer.Ordinal).ToArray();
        return
        [
            .. seen.GroupBy(s => Deepest(s.Name, names), StringComparer.Ordinal)
                .Select(g => (
                    Mechanism: new CellMechanism(g.Key, Via(g.Select(s => s.Via)), g.Select(s => s.Sight).Distinct().Count(),
                        UnitCase.Certain(g.Select(s => s.Unit))),
                    Groups: UnitCase.CertainGroups(g.Select(s => s.Unit)),
                    Rank: g.Average(s => s.Rank)))
                .OrderByDescending(m => m.Groups).ThenByDescending(m => m.Mechanism.Units).ThenBy(m => m.Rank).ThenByDescending(m => m.Mechanism.Runs)
                .ThenBy(m => m.Mechanism.Name, StringComparer.Ordinal).Select(m => m.Mechanism),
        ];
    }

    // A run without a comparison says "tls.reset" of what others show to be "tls.reset.sni".
    static string Deepest(string name, string[] names) =>
        names.Where(n => n.StartsWith(name + ".", StringComparison.Ordinal)).OrderByDescending(n => n.Length).ThenBy(n => n, StringComparer.Ordinal)
            .FirstOrDefault() ?? name;

    static string? Via(IEnumerable<string?> vias) => vias.OfType<string>().GroupBy(v => v, StringComparer.Ordinal)
        .OrderBy(g => g.Key == Vias.Unknown).ThenByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
}
