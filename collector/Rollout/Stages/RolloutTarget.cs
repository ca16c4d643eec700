using Google.Protobuf;

namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>Whom a release is for. What is empty or null excludes nobody.</summary>
/// <param name="Groups">As certificates have them.</param>
/// <param name="Version">An agent version or the beginning of one: 1.4 is 1.4 and 1.4.2, not 1.40.</param>
/// <param name="Cohort">Hundredths of the fleet, from 0; the same agents in every release.</param>
sealed record RolloutTarget(
    IReadOnlySet<string> Cc, IReadOnlySet<uint> Asn, IReadOnlySet<ByteString> Groups, string Version, (int From, int To)? Cohort)
{
    const string Cohorts = "cohorts";

    public static RolloutTarget Everybody { get; } = new(new HashSet<string>(), new HashSet<uint>(), new HashSet<ByteString>(), "", null);

    public bool Covers(AgentTraits agent) =>
        (Cc.Count == 0 || Cc.Contains(agent.Cc)) && (Asn.Count == 0 || Asn.Contains(agent.Asn)) && (Groups.Count == 0 || Groups.Contains(agent.Group))
        && (Version.Length == 0 || agent.Version == Version || agent.Version.StartsWith(Version + ".", StringComparison.Ordinal))
        && (Cohort is not { } cohort || IsIn(agent, cohort));

    static bool IsIn(AgentTraits agent, (int From, int To) cohort)
    {
        var hundredth = (int)(agent.Position(Cohorts) / (ulong.MaxValue / 100 + 1));
        return hundredth >= cohort.From && hundredth < cohort.To;
    }
}
