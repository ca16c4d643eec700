namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>Do providers block the same targets more than chance and their categories explain?</summary>
/// <param name="PValue">Of the permutation test: agreement as great or greater among providers that know nothing of each other.</param>
/// <param name="Jaccard">Mean over pairs of providers, targets that both were looked at.</param>
/// <param name="Alpha">Krippendorff's; null where everything is alike.</param>
/// <param name="Likelihood">Natural logarithms, of the pattern alone.</param>
sealed record ListAgreement(double PValue, double? Jaccard, double? Alpha, Hypotheses Likelihood)
{
    const int Permutations = 9999;

    // What one list or one pair of hands can add over separate hands: lists tell independence, devices tell the rest.
    const double CentralClamp = 3;

    // Categories that filters are sold for: that two providers block them says nothing. All other targets are one stratum.
    static readonly HashSet<string> Sold = new(StringComparer.Ordinal)
    {
        "ALDR", "ANON", "DATE", "FILE", "GAME", "GMB", "HACK", "HATE", "LGBT", "MILX", "PORN", "PROV", "XED",
    };

    public static ListAgreement Of(BlockTable table)
    {
        var strata = table.Categories.Select(c => c is not null && Sold.Contains(c) ? c : "").ToArray();
        return new(Permute(table, strata), MeanJaccard(table), Krippendorff(table), new ListPattern(table, strata).Likelihood(CentralClamp));
    }

    /// <summary>Each provider's blocks are dealt anew among the targets of a stratum that it was looked at (analysis 4.4a).</summary>
    static double Permute(BlockTable table, string[] strata)
    {
        var hands = new List<(int[] Targets, int Blocked)>();
        var fixedCounts = new int[table.Targets.Count];
        for (var i = 0; i < table.Isps.Count; i++)
            foreach (var stratum in Enumerable.Range(0, table.Targets.Count).Where(d => table[d, i] is not null).GroupBy(d => strata[d], StringComparer.Ordinal))
            {
                int[] targets = [.. stratum];
                hands.Add((targets, targets.Count(d => table[d, i] == true)));
            }
        for (var i = 0; i < table.Isps.Count; i++)
            for (var d = 0; d < fixedCounts.Length; d++)
                fixedCounts[d] += table[d, i] == true ? 1 : 0;
        var observed = Pairs(fixedCounts);
        var random = new SplitMix(1);
        var reached = 0;
        var counts = new int[fixedCounts.Length];
        for (var round = 0; round < Permutations; round++)
        {
            Array.Clear(counts);
            foreach (var (targets, blocked) in hands)
                for (var drawn = 0; drawn < blocked; drawn++)
                {
                    var at = drawn + random.Next(targets.Length - drawn);
                    (targets[drawn], targets[at]) = (targets[at], targets[drawn]);
                    counts[targets[drawn]]++;
                }
            reached += Pairs(counts) >= observed ? 1 : 0;
        }
        return (reached + 1.0) / (Permutations + 1);
    }

    static long Pairs(int[] counts)
    {
        long sum = 0;
        foreach (var count in counts)
            sum += (long)count * (count - 1) / 2;
        return sum;
    }

    /// <inheritdoc cref="Jaccard"/>
    public static double? MeanJaccard(BlockTable table)
    {
        double sum = 0;
        var pairs = 0;
        for (var i = 0; i < table.Isps.Count; i++)
            for (var j = i + 1; j < table.Isps.Count; j++)
            {
                int both = 0, either = 0;
                for (var d = 0; d < table.Targets.Count; d++)
                    if (table[d, i] is { } a && table[d, j] is { } b)
                    {
                        both += a && b ? 1 : 0;
                        either += a || b ? 1 : 0;
                    }
                if (either > 0)
                {
                    sum += (double)both / either;
                    pairs++;
                }
            }
        return pairs == 0 ? null : sum / pairs;
    }

    /// <remarks>Krippendorff, Content Analysis (2004): 1 - observed / expected disagreement, with missing values.</remarks>
    public static double? Krippendorff(BlockTable table)
    {
        double ones = 0, zeros = 0, disagreement = 0;
        for (var d = 0; d < table.Targets.Count; d++)
        {
            int k = 0, m = 0;
            for (var i = 0; i < table.Isps.Count; i++)
                if (table[d, i] is { } blocked)
                {
                    m++;
                    k += blocked ? 1 : 0;
                }
            if (m < 2)
                continue;
            ones += k;
            zeros += m - k;
            disagreement += 2.0 * k * (m - k) / (m - 1);
        }
        return ones == 0 || zeros == 0 ? null : 1 - disagreement / (2 * ones * zeros / (ones + zeros - 1));
    }
}
