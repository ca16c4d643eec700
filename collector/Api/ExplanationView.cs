using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>Why a cell is what it is, as one caller may see it; made by <see cref="Publication"/> alone.</summary>
/// <param name="UnitEvidence">Volunteers without names, for analysts; null for the public.</param>
sealed record ExplanationView(
    string Cc,
    DateTimeOffset Since,
    DateTimeOffset Until,
    CellView Cell,
    string? Isp,
    IReadOnlyList<ReasoningStep> Reasoning,
    IReadOnlyList<RuleView> Rules,
    IReadOnlyList<UnitEvidence>? UnitEvidence,
    IReadOnlyList<DayView> Timeline,
    IReadOnlyList<ControlDay> Controls,
    string Licence);

sealed record RuleView(string Rule, Count Runs, Count Units);

/// <summary>One UTC day; all counts are hidden where too few volunteers looked.</summary>
sealed record DayView(
    DateOnly Day, Count Units, Count Artefact, Count Anomaly, Count Slow, Count Refused, Count Down, Count Ok, Count Discarded);
