namespace ProbeNet.Lab.Recognition;

/// <summary>How well scores tell two classes apart.</summary>
static class Roc
{
    const int Draws = 1_000;

    /// <summary>
    /// Area under the curve: the chance that a positive's score is above a negative's, ties counted half (Mann and Whitney). 0.5 is
    /// guessing.
    /// </summary>
    public static double Area(IReadOnlyCollection<(double Score, bool Positive)> scored)
    {
        var (below, area, positives) = (0.0, 0.0, 0);
        foreach (var tie in scored.GroupBy(one => one.Score).OrderBy(tie => tie.Key))
        {
            var (good, bad) = (tie.Count(one => one.Positive), tie.Count(one => !one.Positive));
            area += good * (below + bad / 2.0);
            below += bad;
            positives += good;
        }
        return area / (positives * below);
    }

    /// <summary>95 % by drawing whole groups with repetition (bootstrap), since what is of one group is alike.</summary>
    public static (double Low, double High) Interval(IReadOnlyList<IReadOnlyCollection<(double Score, bool Positive)>> groups, Random random)
    {
        double[] areas =
        [
            .. Enumerable.Range(0, Draws)
                .Select(_ => groups.SelectMany(_ => groups[random.Next(groups.Count)]).ToArray())
                .Where(drawn => drawn.Any(one => one.Positive) && drawn.Any(one => !one.Positive))
                .Select(Area).Order(),
        ];
        return (areas[(int)(0.025 * (areas.Length - 1))], areas[(int)Math.Ceiling(0.975 * (areas.Length - 1))]);
    }
}
