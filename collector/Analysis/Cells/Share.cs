namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>An interval for the share of interference that does not mistake many runs of few homes for many homes.</summary>
static class Share
{
    const double Z = 1.96;

    // Intra-unit correlation where units are too few to measure it (analysis 2.6).
    const double DefaultCorrelation = 0.6;
    const int UnitsToMeasure = 20;

    /// <param name="units">Interference and runs of each unit, units without runs left out.</param>
    public static ShareInterval? Interval(IReadOnlyList<(int Interference, int Runs)> units)
    {
        double runs = units.Sum(u => u.Runs);
        if (runs == 0)
            return null;
        var share = units.Sum(u => u.Interference) / runs;
        return Wilson(share, EffectiveSize(units));
    }

    /// <summary>Runs divided by the design effect 1 + (m − 1)ρ, with m runs a unit.</summary>
    public static double EffectiveSize(IReadOnlyList<(int Interference, int Runs)> units)
    {
        double runs = units.Sum(u => u.Runs);
        var perUnit = runs / units.Count;
        var correlation = units.Count >= UnitsToMeasure ? IntraUnit(units, runs) : DefaultCorrelation;
        return runs / (1 + Math.Max(0, perUnit - 1) * correlation);
    }

    public static ShareInterval Wilson(double share, double size)
    {
        double denominator = 1 + Z * Z / size, centre = share + Z * Z / (2 * size);
        var half = Z * Math.Sqrt(share * (1 - share) / size + Z * Z / (4 * size * size));
        return new(Math.Max(0, (centre - half) / denominator), Math.Min(1, (centre + half) / denominator));
    }

    // One-way analysis of variance of 0/1 runs within units.
    static double IntraUnit(IReadOnlyList<(int Interference, int Runs)> units, double runs)
    {
        double mean = units.Sum(u => u.Interference) / runs, between = 0, within = 0, squares = 0;
        foreach (var (interference, count) in units)
        {
            var share = (double)interference / count;
            between += count * (share - mean) * (share - mean);
            within += count * share * (1 - share);
            squares += (double)count * count;
        }
        if (runs <= units.Count)
            return DefaultCorrelation;
        double msb = between / (units.Count - 1), msw = within / (runs - units.Count);
        var size = (runs - squares / runs) / (units.Count - 1);
        var denominator = msb + (size - 1) * msw;
        return denominator <= 0 ? 0 : Math.Clamp((msb - msw) / denominator, 0, 1);
    }
}
