using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>One unit's measurement in the time line of a cell.</summary>
/// <param name="Bound">The collector observed the network; what only the agent says of it never supports "blocked".</param>
sealed record UnitSight(UnitTag Unit, UnitTag Group, bool Bound, Access Access, Sight Sight);

/// <summary>The latest part of a window in which a cell did not change.</summary>
/// <param name="Sights">All sights from its start on, the discarded ones too.</param>
/// <param name="Changed">Another stretch came before it.</param>
sealed record Stretch(IReadOnlyList<UnitSight> Sights, Bracket? Since, bool Changed)
{
    // What a split must explain better, in natural logarithms, before it is taken for a change.
    const double Bar = 8;

    // What one unit, or one group's many, can say for a split: beside other homes neither's change is ever the cell's.
    const double Cap = 6;

    // Where only one home looked its change is all there is to know: it must outweigh the choice of its moment, and leave enough to say anything.
    const int FewestAlone = 3;

    const int Classes = 4;

    public static Stretch Latest(IEnumerable<UnitDay> days)
    {
        UnitSight[] all = [.. days.SelectMany(d => d.Sights.Select(s => new UnitSight(d.Unit, d.Group, d.AsnSource == AsnSource.Bound, d.Access, s)))
            .OrderBy(s => s.Sight.Time).ThenBy(s => s.Unit).ThenBy(s => s.Sight.Outcome)];
        UnitSight[] told = [.. all.Where(s => s.Sight.Outcome != Outcome.Discarded)];
        var start = 0;
        while (Split(told, start) is { } split)
            start = split;
        if (told.Length == 0)
            return new(all, null, Changed: false);
        var first = told[start].Sight;
        var changed = start > 0;
        Bracket since = new(changed ? told[start - 1].Sight.Time : null, first.Time.AddSeconds(first.Grain));
        return new(changed ? [.. all.Where(s => s.Sight.Time >= first.Time && !Earlier(s, told, start))] : all, since, changed);
    }

    // Sights of the same floored time may stand on both sides of a split.
    static bool Earlier(UnitSight sight, UnitSight[] told, int start)
    {
        for (var i = start - 1; i >= 0 && told[i].Sight.Time == sight.Sight.Time; i--)
            if (ReferenceEquals(told[i], sight))
                return true;
        return false;
    }

    /// <summary>
    /// The split that explains the sights best as before and after, unit by unit, so that a home that joins or leaves is no
    /// change; null when none passes the bar. One pass: a step moves one sight from after to before.
    /// </summary>
    static int? Split(UnitSight[] told, int start)
    {
        var counts = new Dictionary<UnitTag, Sides>();
        var groups = new Dictionary<UnitTag, GroupGain>();
        for (var i = start; i < told.Length; i++)
        {
            if (!groups.TryGetValue(told[i].Group, out var group))
                groups[told[i].Group] = group = new();
            if (!counts.TryGetValue(told[i].Unit, out var sides))
                counts[told[i].Unit] = sides = new(group);
            sides.After[ClassOf(told[i])]++;
        }
        // Most cells never change: without two kinds of sights there is nothing to split.
        if (counts.Values.All(s => s.IsOneKind))
            return null;
        foreach (var sides in counts.Values)
            sides.Settle();
        var alone = counts.Count == 1;
        double score = 0, best = alone ? Math.Log(told.Length - start) : Bar;
        int? at = null;
        for (var i = start; i < told.Length - (alone ? FewestAlone : 1); i++)
        {
            var sides = counts[told[i].Unit];
            score -= sides.Group.Capped;
            sides.Move(ClassOf(told[i]));
            score += sides.Group.Capped;
            if (score > best && told[i + 1].Sight.Time > told[i].Sight.Time)
                (best, at) = (score, i + 1);
        }
        return at;
    }

    static int ClassOf(UnitSight sight) => sight.Sight.Outcome switch
    {
        Outcome.Artefact or Outcome.Anomaly => 0,
        Outcome.Down => 1,
        Outcome.Refused => 2,
        _ => 3,
    };

    sealed class GroupGain
    {
        public double Sum { get; set; }

        public double Capped => Math.Min(Cap, Sum);
    }

    sealed class Sides(GroupGain group)
    {
        readonly int[] _before = new int[Classes];
        double _whole, _gain;

        public GroupGain Group => group;

        public int[] After { get; } = new int[Classes];

        public bool IsOneKind => After.Count(c => c > 0) <= 1;

        public void Settle() => _whole = Likelihood(After);

        public void Move(int kind)
        {
            _before[kind]++;
            After[kind]--;
            group.Sum -= _gain;
            _gain = Math.Min(Cap, Likelihood(_before) + Likelihood(After) - _whole);
            group.Sum += _gain;
        }

        // Dirichlet-multinomial with a flat prior over the classes.
        static double Likelihood(int[] counts)
        {
            var total = 0;
            double sum = 0;
            foreach (var count in counts)
                if (count > 0)
                {
                    total += count;
                    sum += LogGamma.Ahead(count);
                }
            return total == 0 ? 0 : sum - LogGamma.Factorial(total);
        }
    }
}
