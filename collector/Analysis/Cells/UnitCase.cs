using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>What one unit says in a stretch.</summary>
sealed class UnitCase
{
    /// <summary>Evidence down to which a unit speaks clearly against.</summary>
    public const double Clear = -1;

    UnitCase(UnitTag unit, UnitTag group, IReadOnlyList<UnitSight> sights, TimeSpan sustained, double baseline)
    {
        Unit = unit;
        Group = group;
        Epochs = [.. sights.Select(EpochOf).Distinct()];
        Sights = [.. sights.Select(s => s.Sight)];
        Scored = Sights.Total(s => s.IsScored);
        Interference = Sights.Total(s => s.Outcome.IsInterference());
        Runs = Sights.Total(s => s.IsRun);
        InterferenceRuns = Sights.Total(s => s.IsRun && s.Outcome.IsInterference());
        Artefacts = Distinct(Sights, s => s.Artefacts);
        Evidence = Cells.Evidence.OfUnit(Interference, Scored, Artefacts.Count > 0, baseline);
        IsBound = sights.Any(s => s.Bound);
        Access = AccessSplit.Word(sights.Select(s => s.Access));

        Sight[] bound = [.. sights.Where(s => s.Bound && s.Sight.Outcome.IsInterference()).Select(s => s.Sight)];
        BoundArtefacts = Distinct(bound, s => s.Artefacts);
        BoundLayers = Distinct(bound, s => s.Mechanisms.Select(m => m.Name.Split('.')[0]));
        Sustained = bound.Length > 0 && bound[^1].Time - bound[0].Time >= sustained;
    }

    public UnitTag Unit { get; }
    public UnitTag Group { get; }

    /// <summary>Those that it has sights of: one in a store, where the same volunteer is another unit in the next 30 days; a world's units may live on.</summary>
    public IReadOnlyList<uint> Epochs { get; }

    public IReadOnlyList<Sight> Sights { get; }
    public int Scored { get; }
    public int Interference { get; }
    public int Runs { get; }
    public int InterferenceRuns { get; }
    public IReadOnlyList<string> Artefacts { get; }
    public double Evidence { get; }
    public bool IsBound { get; }

    /// <summary>"fixed", "mobile", "both" or "unknown".</summary>
    public string Access { get; }

    /// <summary>Those whose network the collector observed.</summary>
    public IReadOnlyList<string> BoundArtefacts { get; }
    public IReadOnlyList<string> BoundLayers { get; }

    /// <summary>Its first and last such sight of interference are far enough apart.</summary>
    public bool Sustained { get; }

    /// <summary>By itself it speaks for blocking.</summary>
    public bool IsWitness => Interference > 0 && Evidence > 0;

    /// <summary>By itself it speaks clearly against.</summary>
    public bool IsClean => Scored > 0 && Evidence <= Clear;

    /// <summary>Everything that says anything in the stretch, unit by unit.</summary>
    public static IReadOnlyList<UnitCase> Of(Stretch stretch, TimeSpan sustained, double baseline) =>
    [
        .. stretch.Sights.Where(s => s.Sight.Outcome != Outcome.Discarded).GroupBy(s => s.Unit)
            .Select(g => new UnitCase(g.Key, g.First().Group, [.. g], sustained, baseline))
            .OrderByDescending(u => u.Evidence).ThenBy(u => u.Unit),
    ];

    /// <summary>
    /// Volunteers among them for certain: those of the epoch that has most. Across the end of an epoch nobody can tell who is
    /// who (the secret is destroyed), and one home must not count as two.
    /// </summary>
    public static int Certain(IEnumerable<UnitCase> units) => Certain(units.SelectMany(u => u.Epochs.Select(epoch => (epoch, u.Unit))));

    /// <inheritdoc cref="Certain(IEnumerable{UnitCase})"/>
    public static int Certain(IEnumerable<UnitSight> sights) => Certain(sights.Select(s => (EpochOf(s), s.Unit)));

    /// <summary>Groups among them for certain.</summary>
    public static int CertainGroups(IEnumerable<UnitCase> units) => Certain(units.SelectMany(u => u.Epochs.Select(epoch => (epoch, u.Group))));

    static int Certain(IEnumerable<(uint Epoch, UnitTag Tag)> tags) =>
        tags.Distinct().GroupBy(t => t.Epoch).Select(epoch => epoch.Count()).DefaultIfEmpty().Max();

    static uint EpochOf(UnitSight sight) => Day.EpochOf(Day.Of(sight.Sight.Time));

    static string[] Distinct(IEnumerable<Sight> sights, Func<Sight, IEnumerable<string>> of) =>
        [.. sights.SelectMany(of).Distinct(StringComparer.Ordinal)];
}
