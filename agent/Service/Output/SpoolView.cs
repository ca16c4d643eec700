using System.Globalization;
using ProbeNet.Agent.Sealing;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Service.Output;

/// <summary>Accepted + rejected + dropped + waiting = produced.</summary>
sealed record SpoolView(long Produced, long Accepted, long Rejected, long Dropped, long Waiting, int Batches, long Bytes, string? OldestDay)
{
    public static SpoolView Of(SpoolStatus status) => new(
        status.Produced, status.Tally.Accepted, status.Tally.Rejected, status.Tally.Dropped, status.Waiting, status.Batches, status.Bytes,
        status.OldestDay is { } day ? Day.ToDate(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);

    public IEnumerable<(string, string)> Rows() =>
    [
        ("produced", $"{Produced} measurements"),
        ("accepted", $"{Accepted} of {Produced}"),
        ("rejected", $"{Rejected} of {Produced}"),
        ("dropped", $"{Dropped} of {Produced}"),
        ("waiting", $"{Waiting} of {Produced}, {Batches} sealed batches, {Bytes / 1024} KiB{(OldestDay is null ? "" : $", the oldest of {OldestDay}")}"),
    ];
}
