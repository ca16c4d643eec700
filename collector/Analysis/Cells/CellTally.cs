using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>The figures that a cell's state rests on.</summary>
sealed class CellTally
{
    public CellTally(Stretch stretch, IReadOnlyList<UnitCase> units, double baseline)
    {
        (Units, Baseline) = (units, baseline);
        Volunteers = UnitCase.Certain(units);
        Groups = UnitCase.CertainGroups(units);
        Runs = units.Sum(u => u.Runs);
        InterferenceRuns = units.Sum(u => u.InterferenceRuns);
        Scored = units.Sum(u => u.Scored);
        Interference = units.Sum(u => u.Interference);
        Discarded = stretch.Sights.Where(s => s.Sight is { Outcome: Outcome.Discarded, Reason: Reason.Scheduled })
            .GroupBy(s => s.Sight.DiscardReason!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(s => s.Sight.Times), StringComparer.Ordinal);
        Witnesses = [.. units.Where(u => u.IsWitness)];
        Clean = [.. units.Where(u => u.IsClean)];
        Posterior = PosteriorOf(units);
        Conflicting = UnitCase.CertainGroups(Witnesses) >= 2 && UnitCase.CertainGroups(Clean) >= 2
            && PosteriorOf(Witnesses) >= Evidence.Likely && PosteriorOf(Clean) <= Evidence.Excluded;
    }

    public IReadOnlyList<UnitCase> Units { get; }

    /// <summary>Share of failures of the target where nothing blocks it.</summary>
    public double Baseline { get; }
    public int Volunteers { get; }
    public int Groups { get; }
    public int Runs { get; }
    public int InterferenceRuns { get; }

    /// <summary>Runs that would say as much if each came from a home of its own.</summary>
    public double EffectiveRuns => Share.EffectiveSize(RunsByUnit);

    public ShareInterval? Interval => Share.Interval(RunsByUnit);

    (int Interference, int Runs)[] RunsByUnit => [.. Units.Where(u => u.Runs > 0).Select(u => (u.InterferenceRuns, u.Runs))];

    public int Scored { get; }
    public int Interference { get; }

    /// <summary>Scheduled measurements that prove nothing, by reason.</summary>
    public IReadOnlyDictionary<string, int> Discarded { get; }

    public IReadOnlyList<UnitCase> Witnesses { get; }
    public IReadOnlyList<UnitCase> Clean { get; }
    public double Posterior { get; }

    /// <summary>Homes that see it and homes that do not would each decide alone.</summary>
    public bool Conflicting { get; }

    public bool PassesBar => Posterior >= Evidence.Likely && UnitCase.Certain(Witnesses) >= 2;

    public int Count(Outcome outcome) => Units.Sum(u => u.Sights.Total(s => s.Outcome == outcome));

    // Of each side the strongest epoch alone: what is added up must be said by different homes.
    public static double PosteriorOf(IReadOnlyList<UnitCase> units)
    {
        double[] epochs = [.. units.GroupBy(u => u.Epoch).Select(epoch => epoch.GroupBy(u => u.Group)
            .OrderBy(g => g.Key).Sum(g => Evidence.OfGroup([.. g.Select(u => u.Evidence)])))];
        return Evidence.Posterior(Math.Max(0, epochs.DefaultIfEmpty().Max()) + Math.Min(0, epochs.DefaultIfEmpty().Min()));
    }
}
