using System.Text.Json.Nodes;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>One measurement, for analysts. Unit, group and key are not in it.</summary>
sealed record RowView(
    Guid Uid, DateTimeOffset Started, string Cc, long Asn, string AsnSource, string Role, string Domain, string Input, string List, long ListVersion,
    string Reason, string AgentVersion, FindingView Finding)
{
    public static RowView Of(ListedMeasurement measurement, Finding finding)
    {
        var row = measurement.Row;
        return new(
            row.Uid, row.Time, row.Cc, row.Asn, AsnSources.Word(row.AsnSource), RoleOf(row),
            row.Target, row.Input, measurement.List, measurement.ListVersion,
            row.Reason switch { Protos.V1.Reason.Task => "task", Protos.V1.Reason.Manual => "manual", _ => "scheduled" },
            measurement.AgentVersion, FindingView.Of(finding));
    }

    public static string RoleOf(Observations.StoredMeasurement row) => row.Role == Protos.V1.Role.Control ? "control" : "agent";
}

/// <param name="Reason">Why it proves nothing; null unless it was discarded.</param>
sealed record FindingView(
    string Outcome, string? Reason, IReadOnlyList<string> Mechanisms, string? Via, string? Layer, string Locus, long? HopAsn,
    IReadOnlyList<string> Rules, IReadOnlyList<string> Artefacts, int RulesVersion)
{
    public static FindingView Of(Finding finding) => new(
        finding.Outcome.Word(), finding.DiscardReason, [.. finding.Mechanisms.Select(mechanism => mechanism.Name)],
        finding.Mechanisms.FirstOrDefault(mechanism => mechanism.Via is not null)?.Via, finding.Layer, finding.Locus, finding.HopAsn,
        finding.Rules, finding.Artefacts, finding.RulesVersion);
}

/// <summary>One measurement with what it saw and what controls saw of the same host around that time.</summary>
/// <param name="Observations">The facts as they were sealed, readable: fields are those of probenet.v1.Facts.</param>
sealed record RowDetail(RowView Measurement, JsonNode Observations, JsonNode Circumstance, IReadOnlyList<ControlView> Controls);

sealed record ControlView(Guid Uid, DateTimeOffset Started, long Asn, JsonNode Observations);

sealed record Page<T>(IReadOnlyList<T> Items);
