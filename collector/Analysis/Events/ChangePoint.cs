using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>One scored sight in the time line of a target at one provider.</summary>
/// <param name="Artefact">The interference left a proof.</param>
readonly record struct SeriesSight(DateTimeOffset Time, UnitTag Group, bool Interference, bool Artefact);

enum ChangeKind
{
    Onset,
    End,
}

/// <summary>A target at one provider began or ceased to be blocked.</summary>
/// <param name="At">Last contrary sight and first sight; the former is null when blocking was there from the first look on.</param>
/// <param name="DetectedAt">Time of the sight with which the evidence passed the bar.</param>
/// <param name="ConfirmedAt">The same again from later sights alone; null as long as provisional.</param>
/// <param name="Withdrawn">It ceased before it was confirmed.</param>
sealed record ChangePoint(ChangeKind Kind, Bracket At, DateTimeOffset DetectedAt, DateTimeOffset? ConfirmedAt, bool Withdrawn);
