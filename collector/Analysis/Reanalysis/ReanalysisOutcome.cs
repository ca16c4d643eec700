using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Reanalysis;

/// <param name="Measurements">That were judged.</param>
/// <param name="Changed">Unit days that say something else than before; what they said is kept.</param>
/// <param name="Cells">Cells over the whole window that say something else.</param>
sealed record ReanalysisOutcome(long Id, CellWindow Window, int RulesVersion, string FingerprintsVersion, long Measurements, long Changed, IReadOnlyList<CellDifference> Cells);
