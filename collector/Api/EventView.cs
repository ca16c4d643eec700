using System.Text.Json.Serialization;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>An onset or end, merged over ISPs, as one caller may see it; made by <see cref="Publication"/> alone (contract 3).</summary>
/// <param name="Status">"provisional", "confirmed", "withdrawn" or "withheld".</param>
/// <param name="Reason">Why it is withheld or withdrawn, where there is a reason.</param>
/// <param name="At">Last contrary and first sight at the provider where it was first.</param>
sealed record EventView(
    string Id, string Cc, string Domain, string Kind, string Status, string? Reason, IReadOnlyList<DateTimeOffset?> At, double SpreadHours, IReadOnlyList<EventIspView> Isps)
{
    /// <summary>How its providers block: where one event is shown, of an onset that counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TargetVerdictView? Attribution { get; init; }
}

/// <param name="At">Last contrary and first sight.</param>
/// <param name="Units">Volunteers who looked between the last contrary sight and detection.</param>
sealed record EventIspView(
    long Asn, IReadOnlyList<DateTimeOffset?> At, DateTimeOffset DetectedAt, DateTimeOffset? ConfirmedAt, bool Withdrawn, IReadOnlyList<string> Mechanisms, Count Units, string? Withheld);

/// <param name="Log">What was said of it when; for analysts.</param>
sealed record EventDetail(EventView Event, string? CategoryCode, IReadOnlyList<EventEntry>? Log, string Licence);
