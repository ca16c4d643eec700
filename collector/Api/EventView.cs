using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;

namespace ProbeNet.Collector.Api;

/// <summary>An onset or end, merged over ISPs (contract 3).</summary>
sealed record EventView(
    string Id, string Cc, string Domain, string Kind, string Status, string? Reason, IReadOnlyList<DateTimeOffset?> At, double SpreadHours, IReadOnlyList<EventIspView> Isps)
{
    public static EventView Of(BlockEvent e) => new(
        e.Id, e.Cc, e.Target, e.Kind == ChangeKind.Onset ? "onset" : "end", e.Status, e.Reason, Pair(e.At), e.SpreadHours,
        [.. e.Isps.Select(i => new EventIspView(i.Asn, Pair(i.At), i.DetectedAt, i.ConfirmedAt, i.Withdrawn, i.Mechanisms))]);

    static DateTimeOffset?[] Pair(Bracket at) => [at.Earliest, at.Latest];
}

/// <param name="At">Last contrary and first sight.</param>
sealed record EventIspView(long Asn, IReadOnlyList<DateTimeOffset?> At, DateTimeOffset DetectedAt, DateTimeOffset? ConfirmedAt, bool Withdrawn, IReadOnlyList<string> Mechanisms);
