using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Rollout;

/// <summary>Where one agent stands, as the store has it.</summary>
/// <param name="Heard">Floored; null where it was not heard of for days.</param>
sealed record AgentStanding(
    AgentTraits Traits, string List, ulong Version, string RefusedList, ulong RefusedVersion, string Refusal, DateTimeOffset? Heard, bool Standing,
    RunMeans? Now, RunMeans? Before)
{
    // A standing session's heartbeat comes every minute and its minute is floored; a brief agent connects twice a day at the least.
    static readonly TimeSpan SilentStanding = TimeSpan.FromMinutes(4);
    static readonly TimeSpan SilentBrief = TimeSpan.FromHours(25);

    public bool IsSilent(DateTimeOffset now) => Heard is not { } heard || now - heard > (Standing ? SilentStanding : SilentBrief);

    public bool Has(string list, ulong version) => List == list && Version >= version;

    public bool Refused(string list, ulong version) => RefusedList == list && RefusedVersion == version && Refusal.Length > 0 && !Has(list, version);

    public AgentEvidence Evidence(string list, ulong version, bool admitted, DateTimeOffset now) => new(
        Traits.Asn, Traits.Own, admitted, Has(list, version), Refused(list, version) ? Refusal : "", IsSilent(now), Now, Before);
}
