using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api;

/// <summary>Single measurements and events as rows, with all that a row needs to stand alone.</summary>
static class RowTable
{
    public static Table<RowView> Rows(string licence) => new(
        ("uid", row => row.Uid), ("started", row => row.Started), ("cc", row => row.Cc), ("asn", row => row.Asn), ("asn_source", row => row.AsnSource), ("role", row => row.Role),
        ("domain", row => row.Domain), ("input", row => row.Input), ("list", row => row.List), ("list_version", row => row.ListVersion), ("reason", row => row.Reason),
        ("agent_version", row => row.AgentVersion), ("outcome", row => row.Finding.Outcome), ("discard_reason", row => row.Finding.Reason), ("mechanisms", row => row.Finding.Mechanisms),
        ("via", row => row.Finding.Via), ("layer", row => row.Finding.Layer), ("locus", row => row.Finding.Locus), ("hop_asn", row => row.Finding.HopAsn), ("rules", row => row.Finding.Rules),
        ("artefacts", row => row.Finding.Artefacts), ("rules_version", row => row.Finding.RulesVersion), ("licence", _ => licence));

    /// <summary>A row for each provider of each event.</summary>
    public static Table<(EventView Event, EventIspView Isp)> Events(string licence) => new(
        ("id", row => row.Event.Id), ("cc", row => row.Event.Cc), ("domain", row => row.Event.Domain), ("kind", row => row.Event.Kind), ("status", row => row.Event.Status),
        ("reason", row => row.Event.Reason), ("spread_hours", row => row.Event.SpreadHours), ("asn", row => row.Isp.Asn), ("earliest", row => row.Isp.At[0]), ("latest", row => row.Isp.At[1]),
        ("detected", row => row.Isp.DetectedAt), ("confirmed", row => row.Isp.ConfirmedAt), ("withdrawn", row => row.Isp.Withdrawn), ("mechanisms", row => row.Isp.Mechanisms),
        ("units", row => row.Isp.Units.Value), ("withheld", row => row.Isp.Withheld), ("licence", _ => licence));
}
