using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>
/// How surely the components are known: 95 % intervals, from targets drawn again and again with replacement (cluster bootstrap,
/// analysis 4.3). Null where a component is not comparable in too many of the draws.
/// </summary>
sealed record ComponentIntervals(Spread? List, Spread? Jaccard, Spread? Mechanism, Spread? MechanismOverlap, Spread? Place)
{
    const int Draws = 400;
    const double Tail = 0.025;

    public static readonly ComponentIntervals None = new(null, null, null, null, null);

    public static ComponentIntervals Of(IReadOnlyList<CellVerdict> verdicts, IReadOnlyDictionary<string, string> categories)
    {
        var table = BlockTable.Of(verdicts, categories);
        if (table.Isps.Count < 2 || table.BlockedTargets == 0)
            return None;
        var random = new SplitMix(2);
        var (list, jaccard, mechanism, overlap, place) = (new List<double>(Draws), new List<double>(Draws), new List<double>(Draws), new List<double>(Draws), new List<double>(Draws));
        var drawn = new int[table.Targets.Count];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < drawn.Length; i++)
                drawn[i] = random.Next(drawn.Length);
            var again = table.Of(drawn);
            var common = MechanismAgreement.Common(again.Isps);
            var places = PlaceAgreement.Of(again.Isps);
            Add(list, ListAgreement.Krippendorff(again) is { } alpha ? Math.Max(0, alpha) : null);
            Add(jaccard, ListAgreement.MeanJaccard(again));
            Add(mechanism, common.RareOverlap);
            Add(overlap, common.Overlap);
            Add(place, places.Located == 0 ? null : (double)places.Common / places.Located);
        }
        return new(Of(list), Of(jaccard), Of(mechanism), Of(overlap), Of(place));
    }

    static void Add(List<double> values, double? value)
    {
        if (value is { } known)
            values.Add(known);
    }

    static Spread? Of(List<double> values)
    {
        if (values.Count < Draws / 2)
            return null;
        values.Sort();
        return new(values[(int)(Tail * values.Count)], values[(int)((1 - Tail) * values.Count)]);
    }
}

/// <param name="Low">2.5 % lie below.</param>
/// <param name="High">2.5 % lie above.</param>
sealed record Spread(double Low, double High);
