using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api;

/// <summary>Single measurements and events as rows, with all that a row needs to stand alone.</summary>
static class RowTable
{
    public static Table<RowView> Rows(string licence) => new(
        ("uid", ColumnType.Text, row => row.Uid), ("started", ColumnType.Time, row => row.Started), ("cc", ColumnType.Text, row => row.Cc), ("asn", ColumnType.Whole, row => row.Asn), ("asn_source", ColumnType.Text, row => row.AsnSource), ("role", ColumnType.Text, row => row.Role),
        ("domain", ColumnType.Text, row => row.Domain), ("input", ColumnType.Text, row => row.Input), ("list", ColumnType.Text, row => row.List), ("list_version", ColumnType.Whole, row => row.ListVersion), ("reason", ColumnType.Text, row => row.Reason),
        ("agent_version", ColumnType.Text, row => row.AgentVersion), ("outcome", ColumnType.Text, row => row.Finding.Outcome), ("discard_reason", ColumnType.Text, row => row.Finding.Reason), ("mechanisms", ColumnType.Texts, row => row.Finding.Mechanisms),
        ("via", ColumnType.Text, row => row.Finding.Via), ("layer", ColumnType.Text, row => row.Finding.Layer), ("locus", ColumnType.Text, row => row.Finding.Locus), ("hop_asn", ColumnType.Whole, row => row.Finding.HopAsn), ("rules", ColumnType.Texts, row => row.Finding.Rules),
        ("artefacts", ColumnType.Texts, row => row.Finding.Artefacts), ("rules_version", ColumnType.Whole, row => row.Finding.RulesVersion), ("licence", ColumnType.Text, _ => licence));

    /// <summary>A row for each provider of each event.</summary>
    public static Table<(EventView Event, EventIspView Isp)> Events(string licence) => new(
        ("id", ColumnType.Text, row => row.Event.Id), ("cc", ColumnType.Text, row => row.Event.Cc), ("domain", ColumnType.Text, row => row.Event.Domain), ("kind", ColumnType.Text, row => row.Event.Kind), ("status", ColumnType.Text, row => row.Event.Status),
        ("reason", ColumnType.Text, row => row.Event.Reason), ("spread_hours", ColumnType.Number, row => row.Event.SpreadHours), ("asn", ColumnType.Whole, row => row.Isp.Asn), ("earliest", ColumnType.Time, row => row.Isp.At[0]), ("latest", ColumnType.Time, row => row.Isp.At[1]),
        ("detected", ColumnType.Time, row => row.Isp.DetectedAt), ("confirmed", ColumnType.Time, row => row.Isp.ConfirmedAt), ("withdrawn", ColumnType.Truth, row => row.Isp.Withdrawn), ("mechanisms", ColumnType.Texts, row => row.Isp.Mechanisms),
        ("units", ColumnType.Count, row => row.Isp.Units.Value), ("withheld", ColumnType.Text, row => row.Isp.Withheld), ("licence", ColumnType.Text, _ => licence));
}
