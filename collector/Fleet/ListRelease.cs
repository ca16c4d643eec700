using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet;

/// <summary>A signed version of a list, whom it is meant for and how far it has spread. Empty sets mean everybody.</summary>
sealed record ListRelease(
    string List, ulong Version, IReadOnlySet<string> TargetCc, IReadOnlySet<uint> TargetAsn, DateOnly Expires, SignedTestList Signed, Spread Spread)
{
    public bool IsFor(AgentTraits agent) =>
        (TargetCc.Count == 0 || TargetCc.Contains(agent.Cc)) && (TargetAsn.Count == 0 || TargetAsn.Contains(agent.Asn)) && Spread.Reaches(agent);

    /// <summary>A list for some providers goes before one for a country, that before one for everybody.</summary>
    public int Narrowness => (TargetAsn.Count > 0 ? 2 : 0) + (TargetCc.Count > 0 ? 1 : 0);
}
