namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>Tests of two groups of agents, each compared within its own provider only. One-sided: is the first worse?</summary>
static class Strata
{
    /// <summary>
    /// Exact probability of at least as many marked agents in the first groups, given how many are marked in each provider
    /// (Fisher's test over strata: a sum of hypergeometric variables).
    /// </summary>
    public static double Counts(IEnumerable<(int First, int FirstMarked, int Second, int SecondMarked)> strata)
    {
        var (sum, seen) = (new[] { 1.0 }, 0);
        foreach (var (first, firstMarked, second, secondMarked) in strata.Where(s => s.First > 0 && s.Second > 0))
        {
            seen += firstMarked;
            var part = Hypergeometric(first + second, firstMarked + secondMarked, first);
            var next = new double[sum.Length + part.Length - 1];
            for (var i = 0; i < sum.Length; i++)
                for (var j = 0; j < part.Length; j++)
                    next[i + j] += sum[i] * part[j];
            sum = next;
        }
        return Math.Min(1, sum.Skip(seen).Sum());
    }

    /// <summary>Van Elteren's test: rank sums within providers, weighted by 1/(n+1), against the normal distribution.</summary>
    public static double Ranks(IEnumerable<(IReadOnlyList<double> First, IReadOnlyList<double> Second)> strata)
    {
        var (difference, variance) = (0.0, 0.0);
        foreach (var (first, second) in strata.Where(s => s.First.Count > 0 && s.Second.Count > 0))
        {
            var n = first.Count + second.Count;
            var ranks = RanksOf([.. first, .. second]);
            var (weight, mean) = (1.0 / (n + 1), (n + 1) / 2.0);
            difference += weight * (ranks.Take(first.Count).Sum() - first.Count * mean);
            variance += weight * weight * first.Count * second.Count / (n * (n - 1.0)) * ranks.Sum(rank => (rank - mean) * (rank - mean));
        }
        return variance > 0 ? Upper(difference / Math.Sqrt(variance)) : 1;
    }

    static double[] Hypergeometric(int all, int marked, int drawn)
    {
        var (low, high) = (Math.Max(0, drawn - (all - marked)), Math.Min(drawn, marked));
        var part = new double[high + 1];
        for (var k = low; k <= high; k++)
            part[k] = Math.Exp(LogChoose(marked, k) + LogChoose(all - marked, drawn - k) - LogChoose(all, drawn));
        return part;
    }

    static double LogChoose(int n, int k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    static double LogFactorial(int n)
    {
        // Stirling's series is exact to 1e-9 from ten on.
        if (n < 10)
        {
            var product = 1.0;
            for (var i = 2; i <= n; i++)
                product *= i;
            return Math.Log(product);
        }
        return n * Math.Log(n) - n + 0.5 * Math.Log(2 * Math.PI * n) + 1.0 / (12.0 * n) - 1.0 / (360.0 * n * n * n) + 1.0 / (1260.0 * Math.Pow(n, 5));
    }

    static double[] RanksOf(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var i = 0; i < order.Length;)
        {
            var j = i;
            while (j < order.Length && values[order[j]] == values[order[i]])
                j++;
            for (var k = i; k < j; k++)
                ranks[order[k]] = (i + 1 + j) / 2.0;
            i = j;
        }
        return ranks;
    }

    // Abramowitz and Stegun 7.1.26 would be off by 1e-7; the tail matters here, so the continued fraction of the complement.
    static double Upper(double z)
    {
        if (z < 0)
            return 1 - Upper(-z);
        if (z < 3)
        {
            // Series of the error function.
            var (term, sum) = (z, z);
            for (var n = 1; n < 60; n++)
            {
                term *= -z * z / (2 * n);
                sum += term / (2 * n + 1);
            }
            return 0.5 - sum / Math.Sqrt(2 * Math.PI);
        }
        var fraction = 0.0;
        for (var n = 40; n > 0; n--)
            fraction = n / (z + fraction);
        return Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) / (z + fraction);
    }
}
