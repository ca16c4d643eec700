namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>Who may be offered a release now.</summary>
/// <param name="HeldCc">Countries in which nobody more gets it.</param>
/// <param name="HeldAsn">Providers at which nobody more gets it.</param>
sealed record Spread(string Rollout, RolloutState State, RolloutTarget Target, Admission Admission, IReadOnlySet<string> HeldCc, IReadOnlySet<uint> HeldAsn)
{
    public static string NameOf(string list, ulong version) => $"{list} {version}";

    public bool Reaches(AgentTraits agent) =>
        Target.Covers(agent) && !HeldCc.Contains(agent.Cc) && !HeldAsn.Contains(agent.Asn)
        && (State == RolloutState.Complete || (State == RolloutState.Running && Admission.Admits(agent, Rollout)));
}
