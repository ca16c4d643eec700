using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Everything that goes into a bundle.</summary>
/// <param name="WithCircumstance">With network, list, reason and time as they were sealed.</param>
/// <param name="Controls">In the order of time.</param>
/// <param name="SharedMarks">Marks of that day that names of other owners left too.</param>
/// <param name="Day">Null where the batch is in no log.</param>
/// <param name="Cell">Null for a control's measurement.</param>
sealed record BundleContent(
    ListedMeasurement Measurement, bool WithCircumstance, StoredSeal Seal, LoggedDay? Day, IReadOnlyList<(byte[] Hash, byte[] Bytes)> Attachments,
    Finding Finding, IReadOnlySet<string> SharedMarks, FingerprintSet Fingerprints, IReadOnlyList<StoredMeasurement> Controls, bool AllControls,
    ExplanationView? Cell, string Licence, DateOnly Made);

/// <summary>The leaf's day in the log.</summary>
/// <param name="Leaves">All of that day, once it has its head.</param>
/// <param name="Heads">Of all days, or of those that were stamped; that of the leaf's day may not be among them yet.</param>
/// <param name="Stamp">What an outside authority signed of these heads; null where none did.</param>
sealed record LoggedDay(LoggedLeaf Leaf, long First, byte[][] Leaves, IReadOnlyList<DayHead> Heads, byte[]? Stamp);
