using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>What one unit says in a stretch.</summary>
sealed class UnitCase
{
    UnitCase(UnitTag unit, UnitTag group, IReadOnlyList<UnitSight> sights, TimeSpan sustained, double baseline)
    {
        Unit = unit;
        Group = group;
        Sights = [.. sights.Select(s => s.Sight)];
        Scored = Sights.Count(s => s.IsScored);
        Interference = Sights.Count(s => s.Outcome.IsInterference());
        Runs = Sights.Count(s => s.IsRun);
        InterferenceRuns = Sights.Count(s => s.IsRun && s.Outcome.IsInterference());
        Artefacts = Distinct(Sights, s => s.Artefacts);
        Evidence = Cells.Evidence.OfUnit(Interference, Scored, Artefacts.Count > 0, baseline);
        IsBound = sights.Any(s => s.Bound);

        Sight[] bound = [.. sights.Where(s => s.Bound && s.Sight.Outcome.IsInterference()).Select(s => s.Sight)];
        BoundArtefacts = Distinct(bound, s => s.Artefacts);
        BoundLayers = Distinct(bound, s => s.Mechanisms.Select(m => m.Name.Split('.')[0]));
        Sustained = bound.Length > 0 && bound[^1].Time - bound[0].Time >= sustained;
    }

    public UnitTag Unit { get; }
    public UnitTag Group { get; }
    public IReadOnlyList<Sight> Sights { get; }
    public int Scored { get; }
    public int Interference { get; }
    public int Runs { get; }
    public int InterferenceRuns { get; }
    public IReadOnlyList<string> Artefacts { get; }
    public double Evidence { get; }
    public bool IsBound { get; }

    /// <summary>Those whose network the collector observed.</summary>
    public IReadOnlyList<string> BoundArtefacts { get; }
    public IReadOnlyList<string> BoundLayers { get; }

    /// <summary>Its first and last such sight of interference are far enough apart.</summary>
    public bool Sustained { get; }

    /// <summary>By itself it speaks for blocking.</summary>
    public bool IsWitness => Interference > 0 && Evidence > 0;

    /// <summary>By itself it speaks clearly against.</summary>
    public bool IsClean => Scored > 0 && Evidence <= -1;

    /// <summary>Everything that says anything in the stretch, unit by unit.</summary>
    public static IReadOnlyList<UnitCase> Of(Stretch stretch, TimeSpan sustained, double baseline) =>
    [
        .. stretch.Sights.Where(s => s.Sight.Outcome != Outcome.Discarded).GroupBy(s => s.Unit)
            .Select(g => new UnitCase(g.Key, g.First().Group, [.. g], sustained, baseline))
            .OrderByDescending(u => u.Evidence).ThenBy(u => u.Unit),
    ];

    static string[] Distinct(IEnumerable<Sight> sights, Func<Sight, IEnumerable<string>> of) =>
        [.. sights.SelectMany(of).Distinct(StringComparer.Ordinal)];
}
