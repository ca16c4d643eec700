namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>Who gets a release at a stage, so that any process can tell by itself and for agents that nobody has counted yet.</summary>
/// <param name="UpTo">By provider: agents up to this position.</param>
sealed record Admission(bool Everybody, IReadOnlyDictionary<uint, ulong> UpTo)
{
    const int SmallFleet = 300;

    /// <summary>The operator's own alone.</summary>
    public static Admission OwnAlone { get; } = new(false, new Dictionary<uint, ulong>());

    public static Admission OfEverybody { get; } = new(true, new Dictionary<uint, ulong>());

    public bool Admits(AgentTraits agent, string rollout) =>
        Everybody || agent.Own || (UpTo.TryGetValue(agent.Asn, out var last) && agent.Position(rollout) <= last);

    /// <summary>The stage that follows, or null after the last. A small fleet has no quarter: all but one of each provider are more.</summary>
    public static Stage? After(Stage stage, int volunteers) => stage switch
    {
        Stage.All => null,
        Stage.ThreeHundred when volunteers < SmallFleet => Stage.All,
        _ => stage + 1,
    };

    /// <param name="volunteers">Those that the release is for, without the operator's own.</param>
    /// <param name="before">The stage before: who was admitted stays admitted.</param>
    public static Admission Of(Stage stage, string rollout, IReadOnlyCollection<AgentTraits> volunteers, Admission before)
    {
        if (stage == Stage.All)
            return OfEverybody;
        var isps = volunteers.GroupBy(agent => agent.Asn).OrderBy(isp => isp.Key)
            .Select(isp => (Asn: isp.Key, Positions: isp.Select(agent => agent.Position(rollout)).Order().ToArray())).ToList();
        var shares = stage == Stage.ThreeHundred && volunteers.Count < SmallFleet
            ? [.. isps.Select(isp => isp.Positions.Length - 1)]
            : Shares(Wanted(stage, volunteers.Count), [.. isps.Select(isp => isp.Positions.Length)]);
        var upTo = new Dictionary<uint, ulong>(before.UpTo);
        foreach (var (isp, share) in isps.Zip(shares).Where(pair => pair.Second > 0))
            upTo[isp.Asn] = Math.Max(upTo.GetValueOrDefault(isp.Asn), isp.Positions[share - 1]);
        return new(false, upTo);
    }

    /// <summary>How many volunteers a stage is meant to hold.</summary>
    public static int Wanted(Stage stage, int volunteers) => stage switch
    {
        Stage.Own => 0,
        Stage.Sixty => Math.Min(60, PartOf(volunteers, 20)),
        Stage.ThreeHundred => Math.Min(300, PartOf(volunteers, 10)),
        Stage.Quarter => PartOf(volunteers, 4),
        _ => volunteers,
    };

    static int PartOf(int volunteers, int divisor) => (volunteers + divisor - 1) / divisor;

    // In proportion, the largest remainders first; at least half of every provider stays behind to compare with.
    static int[] Shares(int wanted, int[] sizes)
    {
        var total = sizes.Sum();
        if (total == 0)
            return [.. sizes];
        var exact = sizes.Select(size => (double)wanted * size / total).ToArray();
        var shares = exact.Select((share, i) => Math.Min((int)share, sizes[i] / 2)).ToArray();
        var order = Enumerable.Range(0, sizes.Length).OrderByDescending(i => exact[i] - Math.Floor(exact[i])).ThenByDescending(i => sizes[i]).ToList();
        for (var left = wanted - shares.Sum(); left > 0;)
        {
            var given = 0;
            foreach (var i in order.Where(i => shares[i] < sizes[i] / 2).Take(left).ToList())
            {
                shares[i]++;
                given++;
            }
            if (given == 0)
                break;
            left -= given;
        }
        return shares;
    }
}
