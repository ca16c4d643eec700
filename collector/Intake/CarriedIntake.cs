using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Intake;

/// <param name="Accepted">Measurements that are durable now, some perhaps before.</param>
/// <param name="Rejected">Batches by one of <see cref="Refusals"/>.</param>
sealed record CarriedOutcome(long Batches, long Accepted, IReadOnlyDictionary<string, int> Rejected);

/// <summary>Takes a file that somebody carried; its batches are checked as those of sessions are.</summary>
static class CarriedIntake
{
    /// <param name="input">Behind the file's head.</param>
    /// <param name="taken">Told after each batch.</param>
    /// <exception cref="InvalidDataException">The file ends within a batch or is damaged; what came before is durable.</exception>
    /// <exception cref="IOException">The queue does not accept anything at the moment.</exception>
    public static async Task<CarriedOutcome> TakeAsync(
        Stream input, FleetState fleet, IBatchQueue queue, uint today, Action<long> taken, CancellationToken ct)
    {
        var (batches, accepted) = (0L, 0L);
        var rejected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        bool isWhole;
        while (CarriedFile.TryRead(input, out var carried, out isWhole))
        {
            var refusal = KeyDoor.Check(fleet, carried.Certificate, today, out var certificate);
            var verdict = refusal is null ? BatchDoor.Check(fleet, carried.Certificate, certificate, carried.Envelope ?? new(), today) : BatchVerdict.Refused(refusal);
            if (verdict.Batch is { } batch && !await queue.PublishAsync(batch, ct))
                throw new IOException($"The queue accepts nothing at the moment. {batches} batches are in; import the file again later.");
            if (verdict.Refusal is { } reason)
                rejected[reason] = rejected.GetValueOrDefault(reason) + 1;
            else
                accepted += verdict.Count;
            taken(++batches);
        }
        return isWhole
            ? new(batches, accepted, rejected)
            : throw new InvalidDataException($"The file is cut or damaged behind {batches} batches; those are in.");
    }
}
