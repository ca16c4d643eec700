using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Rollout;

/// <summary>Agents that a release is for, each in one of four: taken, refused, not heard of, still to come. They add up.</summary>
sealed record RolloutCounts(int Agents, int Applied, int Refused, int Silent, int Waiting)
{
    public static RolloutCounts Of(RolloutRow row, IReadOnlyCollection<AgentStanding> meant, DateTimeOffset now)
    {
        var applied = meant.Count(agent => agent.Has(row.List, row.Version));
        var refused = meant.Count(agent => agent.Refused(row.List, row.Version));
        var silent = meant.Count(agent => !agent.Has(row.List, row.Version) && !agent.Refused(row.List, row.Version) && agent.IsSilent(now));
        return new(meant.Count, applied, refused, silent, meant.Count - applied - refused - silent);
    }
}

sealed record IspRollout(string Cc, long Asn, RolloutCounts Counts);

sealed record RefusalCount(string Reason, int Agents);

/// <summary>A release and how far it has spread.</summary>
/// <param name="Admitted">Agents that may have it at this stage.</param>
/// <param name="Comparisons">New list against old, as of now.</param>
sealed record RolloutView(
    string List, ulong Version, int Entries, RolloutState State, Stage Stage, DateTimeOffset Since, string Reason, bool Emergency, ulong Reverts,
    IReadOnlyList<string> TargetCc, IReadOnlyList<long> TargetAsn, IReadOnlyCollection<string> HeldCc, IReadOnlyCollection<uint> HeldAsn,
    DateOnly Released, DateOnly Expires, int Admitted, RolloutCounts Counts, IReadOnlyList<IspRollout> Isps, IReadOnlyList<RefusalCount> Refusals,
    IReadOnlyList<Comparison> Comparisons);
