using System.Text.Json.Serialization;
using ProbeNet.Collector.Analysis.Attribution;

namespace ProbeNet.Collector.Api;

/// <summary>How the blocking of a country is organised, in the keys of the interface (contract 3).</summary>
/// <param name="Leaning">The explanation with most of the posterior: a first impression where the verdict claims less.</param>
sealed record AttributionView(
    string Verdict,
    bool Preliminary,
    string? Leaning,
    Hypotheses Posterior,
    double? Score,
    AttributionComponents Components,
    IReadOnlyList<AttributionEvidence> Evidence,
    AttributionCoverage Coverage,
    IReadOnlyList<TargetVerdictView> Targets,
    IReadOnlyList<MoveView> Moves,
    IReadOnlyList<DriftView> Drifts,
    DateTimeOffset AsOf)
{
    /// <summary>Of the components, where a store is asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComponentIntervals? Intervals { get; init; }

    public static AttributionView Of(CountryVerdict verdict, (IReadOnlyList<MoveView> Moves, IReadOnlyList<DriftView> Drifts) moves, DateTimeOffset asOf) => new(
        verdict.Word, verdict.Preliminary, verdict.Leaning, verdict.Posterior, verdict.Score, verdict.Components, verdict.Evidence, verdict.Coverage,
        [.. verdict.Targets.Select(TargetVerdictView.Of)], moves.Moves, moves.Drifts, asOf);
}

/// <summary>How the blocking of one target is organised: "alike", "different", "coordinated" or "insufficient" (contract 2).</summary>
/// <param name="ComparedIsps">Providers where enough volunteers looked.</param>
/// <param name="BlockingIsps">Of them, where it is blocked.</param>
sealed record TargetVerdictView(string Domain, string Verdict, int ComparedIsps, int BlockingIsps, string Text)
{
    public static TargetVerdictView Of(TargetVerdict verdict) => new(verdict.Target, verdict.Word, verdict.Compared, verdict.Blocking, verdict.Text);
}
