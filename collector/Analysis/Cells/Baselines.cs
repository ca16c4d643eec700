namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>
/// How often a target fails where nothing blocks it, learnt at the other providers of the country: some sites are shaky
/// everywhere, and one bar for all would fail in both directions (analysis 2.2).
/// </summary>
static class Baselines
{
    // Runs that the ordinary share is worth against what was counted.
    const double Weight = 40;
    const double Most = 0.25;

    /// <param name="cells">Of one target; each provider's unit days in order.</param>
    /// <returns>One share of failures for each.</returns>
    public static double[] Of(IReadOnlyList<IReadOnlyList<UnitDay>> cells, CellRules rules) =>
        // A target without any failure needs no look.
        cells.Count < 2 || !cells.Any(days => days.Any(d => d.Interference > 0)) ? [.. cells.Select(_ => Evidence.Baseline)]
            : Of([.. cells.Select(days => CellJudge.Judge(days, rules))]);

    /// <param name="verdicts">Of one target, all providers, with the ordinary share.</param>
    /// <returns>One share of failures for each.</returns>
    public static double[] Of(IReadOnlyList<CellVerdict> verdicts)
    {
        var open = verdicts.Select(v => v.Cell).Select(c => c.State == CellState.Ok ? (c.InterferenceRuns, c.Runs) : (0, 0)).ToArray();
        int failures = open.Sum(o => o.Item1), runs = open.Sum(o => o.Item2);
        return [.. open.Select(own => Share(failures - own.Item1, runs - own.Item2))];
    }

    // Never below the ordinary share: a lucky week elsewhere makes no failure here weigh more.
    static double Share(int failures, int runs) =>
        Math.Clamp((failures + Weight * Evidence.Baseline) / (runs + Weight), Evidence.Baseline, Most);
}
