using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>A provider's own pattern gave way to one that it shares with others.</summary>
/// <param name="At">Between the last sight of the old pattern and the first of the new.</param>
/// <param name="ExplainedBy">A known event, or a version of the agent, that may explain it; otherwise null.</param>
/// <param name="Units">Volunteers who saw the new pattern, for certain.</param>
/// <param name="Groups">Groups of volunteers in which it shows, two or more.</param>
sealed record Move(long Asn, Bracket At, string? ExplainedBy, int Units, int Groups);

/// <param name="What">A rerouting, a release of ours …</param>
sealed record CalendarEntry(DateTimeOffset At, string What);

/// <summary>How far a provider is from what it did before, day by day.</summary>
sealed record Drift(FrozenBaseline Baseline, IReadOnlyList<DriftDay> Days);

/// <summary>Distances from 0 (the same) to 1 (nothing in common).</summary>
/// <param name="Own">From its own frozen baseline.</param>
/// <param name="Common">From the pattern that providers moved to; null where there is none.</param>
/// <param name="Units">Volunteers who saw it block that day.</param>
sealed record DriftDay(DateOnly Day, double Own, double? Common, int Units);

/// <param name="Moves">By time, then ASN.</param>
/// <param name="Drifts">By ASN: providers with a baseline.</param>
sealed record MoveReport(IReadOnlyList<Move> Moves, IReadOnlyList<Drift> Drifts)
{
    public static readonly MoveReport None = new([], []);
}
