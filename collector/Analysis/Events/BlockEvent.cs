using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>A site began or ceased to be blocked in a country: the changes at its providers as one.</summary>
/// <param name="Id">The same for the same country, target, kind and day of the first change.</param>
/// <param name="Status">One of <see cref="EventStates"/>.</param>
/// <param name="Reason">Why it is withheld; otherwise null.</param>
/// <param name="At">At the provider where it was first.</param>
/// <param name="SpreadHours">Between the first provider's first sight and the last's; 0 with one provider.</param>
/// <param name="Isps">In order of time, then ASN.</param>
sealed record BlockEvent(
    string Id, string Cc, string Target, ChangeKind Kind, string Status, string? Reason, Bracket At, double SpreadHours, IReadOnlyList<EventIsp> Isps);

/// <param name="Mechanisms">Of its interference until detection (of an end: before it), most frequent first.</param>
/// <param name="Units">Volunteers who looked between the last contrary sight and detection.</param>
/// <param name="Withheld">One of <see cref="EventContrasts"/>; null when nothing else explains the change.</param>
sealed record EventIsp(
    long Asn, Bracket At, DateTimeOffset DetectedAt, DateTimeOffset? ConfirmedAt, bool Withdrawn, IReadOnlyList<string> Mechanisms, int Units, string? Withheld);

/// <summary>A target at one provider changed; what the whole country says of it comes later.</summary>
sealed record ProviderChange(string Cc, string Target, ChangeKind Kind, EventIsp Isp);

/// <param name="Watched">Providers from which somebody looked.</param>
/// <param name="Questions">What is in doubt after the last sight.</param>
sealed record TargetChanges(IReadOnlyList<long> Watched, IReadOnlyList<ProviderChange> Changes, IReadOnlyList<ProviderQuestion> Questions);

static class EventStates
{
    public const string Provisional = "provisional";
    public const string Confirmed = "confirmed";
    /// <summary>It was over before it was confirmed.</summary>
    public const string Withdrawn = "withdrawn";
    /// <summary>Something other than blocking explains it: no alert.</summary>
    public const string Withheld = "withheld";

    /// <summary>It stands for a change of the network between volunteers and sites.</summary>
    public static bool Counts(string status) => status is Provisional or Confirmed;
}

/// <summary>What explains a change without blocking (analysis 3.4).</summary>
static class EventContrasts
{
    /// <summary>Most of what is watched at the provider failed at the same time.</summary>
    public const string Network = "network";
    /// <summary>Only a new version of the agent sees it.</summary>
    public const string Release = "release";
    /// <summary>The site began to fail in other countries at the same time.</summary>
    public const string Elsewhere = "elsewhere";
    /// <summary>What came later no longer shows it.</summary>
    public const string LaterData = "later_data";
}

/// <summary>A target began to fail in another country.</summary>
sealed record OnsetElsewhere(string Cc, string Target, DateTimeOffset At);
