using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>Do providers block in the same way, and is that way rare enough to mean the same device?</summary>
/// <param name="Overlap">Mean over pairs of providers of what their marks have in common, 0 to 1.</param>
/// <param name="RareOverlap">The same of marks that identify a device or sink.</param>
/// <param name="Entropy">Of the providers' dominant marks, in bits.</param>
/// <param name="Techniques">Different dominant marks.</param>
/// <param name="Sharing">Providers whose blocking carries a rare mark of two others or more.</param>
/// <param name="Shared">Those marks, most shared first.</param>
sealed record MechanismAgreement(
    double? Overlap, double? RareOverlap, double? Entropy, int Techniques, int Blocking, int Sharing, IReadOnlyList<SharedMark> Shared, Hypotheses Likelihood)
{
    // Sights of one provider are one device's: they count as few.
    const double Sights = 4;
    const double PartOfTheSystem = 0.9;
    const double ShareToCount = 0.3;

    // Marks in common up to which providers are said to use tools of their own.
    const double SeparateTools = 0.6;

    public bool IsSeparate => Overlap <= SeparateTools;

    public static MechanismAgreement Of(IEnumerable<IspColumn> providers)
    {
        IspColumn[] isps = [.. providers.Where(i => i.Blocked > 0)];
        var profiles = ProfilesOf(isps);
        var shared = profiles.SelectMany(p => p.Where(m => m.Value >= ShareToCount / 2).Select(m => m.Key)).Where(BlockMark.IsRare)
            .GroupBy(m => m, StringComparer.Ordinal).Where(g => g.Count() >= 3).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new SharedMark(g.Key, g.Count())).ToArray();
        var sharing = profiles.Count(p => shared.Sum(s => p.GetValueOrDefault(s.Mark)) >= ShareToCount);
        var dominant = profiles.Select(p => p.OrderByDescending(m => m.Value).ThenBy(m => m.Key, StringComparer.Ordinal).First().Key)
            .GroupBy(m => m, StringComparer.Ordinal).Select(g => (double)g.Count() / isps.Length).ToArray();
        return new(
            Mean(profiles, _ => true),
            Mean(profiles, BlockMark.IsRare),
            isps.Length == 0 ? null : dominant.Sum(p => -p * Math.Log2(p)) + 0.0,
            dominant.Length, isps.Length, sharing, shared, LikelihoodOf(profiles));
    }

    /// <summary>What the providers' marks have in common, and rare ones alone.</summary>
    public static (double? Overlap, double? RareOverlap) Common(IEnumerable<IspColumn> providers)
    {
        var profiles = ProfilesOf([.. providers.Where(i => i.Blocked > 0)]);
        return (Mean(profiles, _ => true), Mean(profiles, BlockMark.IsRare));
    }

    static IReadOnlyDictionary<string, double>[] ProfilesOf(IspColumn[] isps) => Comparable([.. isps.Select(i => i.Profile)]);

    // The same reset seen from another distance is no other reset; seen with the same TTL by others it is the more alike.
    static IReadOnlyDictionary<string, double>[] Comparable(IReadOnlyDictionary<string, double>[] profiles)
    {
        var seen = profiles.SelectMany(p => p.Keys).GroupBy(m => m, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return
        [
            .. profiles.Select(p => p.GroupBy(m => seen[m.Key] > 1 ? m.Key : BlockMark.WithoutDistance(m.Key), StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Sum(m => m.Value), StringComparer.Ordinal)),
        ];
    }

    static double? Mean(IReadOnlyDictionary<string, double>[] profiles, Func<string, bool> counts)
    {
        double sum = 0;
        var pairs = 0;
        for (var i = 0; i < profiles.Length; i++)
            for (var j = i + 1; j < profiles.Length; j++, pairs++)
                sum += profiles[i].Where(m => counts(m.Key)).Sum(m => Math.Min(m.Value, profiles[j].GetValueOrDefault(m.Key)));
        return pairs == 0 ? null : sum / pairs;
    }

    /// <summary>
    /// Dirichlet-multinomial (analysis 4.4b): every provider draws its own marks, or all draw from one; some may keep their own tools beside.
    /// </summary>
    static Hypotheses LikelihoodOf(IReadOnlyDictionary<string, double>[] profiles)
    {
        if (profiles.Length < 2)
            return Hypotheses.None;
        var separate = profiles.Sum(p => Drawn([p]));
        var together = profiles.ToList();
        var split = 0.0;
        var best = Drawn(together) + together.Count * Math.Log(PartOfTheSystem);
        for (var left = (profiles.Length - 1) / 3; left > 0; left--)
        {
            var (score, out_) = together.Select(p =>
            {
                var rest = together.Where(o => !ReferenceEquals(o, p)).ToList();
                return (Score: Drawn(rest) + rest.Count * Math.Log(PartOfTheSystem) + split + Drawn([p]) + Math.Log(1 - PartOfTheSystem), Out: p);
            }).MaxBy(x => x.Score);
            if (score <= best)
                break;
            best = score;
            split += Drawn([out_]) + Math.Log(1 - PartOfTheSystem);
            together.Remove(out_);
        }
        return new(0, 0, best - separate, best - separate);
    }

    static double Drawn(IReadOnlyList<IReadOnlyDictionary<string, double>> profiles)
    {
        var counts = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var profile in profiles)
            foreach (var (mark, share) in profile)
                counts[mark] = counts.GetValueOrDefault(mark) + share * Sights;
        var sum = -LogGamma.Of(1 + counts.Values.Sum());
        foreach (var (mark, count) in counts)
            sum += LogGamma.Of(BlockMark.Commonness(mark) + count) - LogGamma.Of(BlockMark.Commonness(mark));
        return sum;
    }
}

/// <param name="Isps">Providers that show it.</param>
sealed record SharedMark(string Mark, int Isps);
