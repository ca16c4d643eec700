using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>The figures that a cell's state rests on.</summary>
sealed class CellTally
{
    const double MinorityShare = 0.4;

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
        WithoutAnyGroup = Witnesses.Select(u => u.Group).Distinct().Select(left => PosteriorOf([.. Witnesses.Where(u => u.Group != left)])).DefaultIfEmpty(Posterior).Min();
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

    /// <summary>
    /// Probability of blocking by what the others saw of those who saw it, without the one group whose absence changes most. Those who did not
    /// see it are left out: otherwise a group could take a block away that two others prove.
    /// </summary>
    public double WithoutAnyGroup { get; }

    /// <summary>Those who see it are too few beside those who clearly do not: faults or falsehoods of theirs explain it as well.</summary>
    public bool HasMinority => IsMinority(UnitCase.CertainGroups(Witnesses), UnitCase.CertainGroups(Clean));

    /// <summary>Homes that see it and homes that do not would each decide alone.</summary>
    public bool Conflicting { get; }

    public bool PassesBar => Posterior >= Evidence.Likely && UnitCase.Certain(Witnesses) >= 2;

    /// <summary>Share of what was scored, each group weighing the same however often it looked.</summary>
    public double ShareOf(Outcome outcome) => Units.Where(u => u.Scored > 0).GroupBy(u => u.Group)
        .Select(g => (double)g.Sum(u => u.Sights.Total(s => s.Outcome == outcome)) / g.Sum(u => u.Scored)).DefaultIfEmpty().Average();

    /// <param name="few">Groups that see it.</param>
    /// <param name="clear">Groups that do not.</param>
    public static bool IsMinority(int few, int clear) => few < MinorityShare * (few + clear);

    public int Count(Outcome outcome) => Units.Sum(u => u.Sights.Total(s => s.Outcome == outcome));

    // Of each side the strongest epoch alone: what is added up must be said by different homes.
    public static double PosteriorOf(IReadOnlyList<UnitCase> units)
    {
        double[] epochs = [.. units.SelectMany(u => u.Epochs.Select(epoch => (Epoch: epoch, Unit: u))).GroupBy(u => u.Epoch).Select(epoch => epoch.GroupBy(u => u.Unit.Group)
            .OrderBy(g => g.Key).Sum(g => Evidence.OfGroup([.. g.Select(u => u.Unit.Evidence)])))];
        return Evidence.Posterior(Math.Max(0, epochs.DefaultIfEmpty().Max()) + Math.Min(0, epochs.DefaultIfEmpty().Min()));
    }
}
