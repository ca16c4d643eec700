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
    IReadOnlyList<MoveView> Moves,
    IReadOnlyList<DriftView> Drifts,
    DateTimeOffset AsOf)
{
    public static AttributionView Of(CountryVerdict verdict, (IReadOnlyList<MoveView> Moves, IReadOnlyList<DriftView> Drifts) moves, DateTimeOffset asOf) => new(
        verdict.Word, verdict.Preliminary, verdict.Leaning, verdict.Posterior, verdict.Score, verdict.Components, verdict.Evidence, verdict.Coverage,
        moves.Moves, moves.Drifts, asOf);
}
