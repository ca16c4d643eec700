using ProbeNet.Collector.Store;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api;

/// <summary>A measurement that a named person made public: its day and no time, and no identifier that holds one.</summary>
/// <param name="Leaf">Names it as an evidence bundle without circumstance does.</param>
sealed record PublishedRowView(string Leaf, DateOnly Day, string Cc, long Asn, string AsnSource, string Domain, string Input, FindingView Finding)
{
    public static PublishedRowView Of(ListedMeasurement measurement, Analysis.Findings.Finding finding)
    {
        var row = measurement.Row;
        return new(
            Convert.ToHexStringLower(Protos.Sealing.Leaf.Hash(SealedMeasurement.Parser.ParseFrom(row.Details))), DateOnly.FromDateTime(row.Time.UtcDateTime),
            row.Cc, row.Asn, AsnSources.Word(row.AsnSource), row.Target, row.Input, FindingView.Of(finding));
    }
}
