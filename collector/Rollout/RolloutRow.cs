using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Rollout;

/// <summary>A release on its way, as the store has it.</summary>
/// <param name="Spread">Who may be offered it now.</param>
/// <param name="Reason">What is waited for, or why it was halted.</param>
/// <param name="Reverts">The version that it takes back; 0: none.</param>
sealed record RolloutRow(
    string List, ulong Version, int Entries, IReadOnlyList<string> TargetCc, IReadOnlyList<long> TargetAsn, DateOnly Released, DateOnly Expires,
    Stage Stage, DateTimeOffset StageSince, int Looks, string Reason, bool Emergency, ulong Reverts, Spread Spread)
{
    public bool IsFor(AgentTraits agent) =>
        (TargetCc.Count == 0 || TargetCc.Contains(agent.Cc)) && (TargetAsn.Count == 0 || TargetAsn.Contains(agent.Asn)) && Spread.Target.Covers(agent);
}
