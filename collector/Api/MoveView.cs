using ProbeNet.Collector.Analysis.Moves;

namespace ProbeNet.Collector.Api;

/// <summary>A provider's own pattern gave way to a common one (contract 3).</summary>
/// <param name="At">Earliest and latest; the earliest is null where the old pattern was not seen.</param>
sealed record MoveView(long Asn, DateTimeOffset?[] At, string? ExplainedBy);

/// <summary>How far a provider is from what it did before, day by day.</summary>
/// <param name="Hash">SHA-256 of the baseline as it was frozen.</param>
sealed record DriftView(long Asn, DateOnly Since, DateOnly Until, DateOnly Frozen, string Hash, IReadOnlyList<DriftDayView> Days)
{
    public static DriftView Of(Drift drift, int minimumUnits) => new(
        drift.Baseline.Asn, drift.Baseline.Since, drift.Baseline.Until, drift.Baseline.Frozen, drift.Baseline.Digest,
        [.. drift.Days.Where(d => d.Units >= minimumUnits).Select(d => new DriftDayView(d.Day, d.Own, d.Common))]);
}

/// <summary>Distances from 0 (the same) to 1 (nothing in common): from its own baseline, and from the pattern that providers moved to.</summary>
sealed record DriftDayView(DateOnly Day, double Own, double? Common);
