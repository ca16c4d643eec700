using Google.Protobuf;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Intake;

/// <param name="Accepted">Measurements that are durable now, some perhaps before.</param>
/// <param name="Rejected">Batches by one of <see cref="Refusals"/>.</param>
sealed record CarriedOutcome(long Batches, long Accepted, IReadOnlyDictionary<string, int> Rejected);

/// <summary>Takes a spool file that somebody carried: a magic line, then batches, checked as the sessions check them.</summary>
static class CarriedFile
{
    // A batch and its certificate; what is larger was not written by an agent.
    const int LargestBatch = 512 * 1024;

    static ReadOnlySpan<byte> Magic => "probenet spool 1\n"u8;

    /// <summary>True when the stream begins as a spool file; it then stands behind the first line.</summary>
    public static bool TryBegin(Stream input)
    {
        var head = new byte[Magic.Length];
        return input.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && Magic.SequenceEqual(head);
    }

    /// <param name="input">Behind the magic line.</param>
    /// <param name="taken">Told after each batch.</param>
    /// <exception cref="InvalidDataException">The file ends within a batch or is damaged; what came before is durable.</exception>
    /// <exception cref="IOException">The queue does not accept anything at the moment.</exception>
    public static async Task<CarriedOutcome> TakeAsync(
        Stream input, FleetState fleet, IBatchQueue queue, uint today, Action<long> taken, CancellationToken ct)
    {
        var (batches, accepted) = (0L, 0L);
        var rejected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        while (Next(input, batches) is { } carried)
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
        return new(batches, accepted, rejected);
    }

    static CarriedBatch? Next(Stream input, long before)
    {
        try
        {
            if (ReadLength(input) is not { } length)
                return null;
            if (length > LargestBatch)
                throw new InvalidDataException($"The file is damaged after {before} batches.");
            var bytes = new byte[length];
            input.ReadExactly(bytes);
            return CarriedBatch.Parser.ParseFrom(bytes);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidProtocolBufferException)
        {
            throw new InvalidDataException($"The file ends within a batch or is damaged after {before} batches; those are in.", e);
        }
    }

    // A varint (https://protobuf.dev/programming-guides/encoding/), four bytes at most; null at the end of the file.
    static int? ReadLength(Stream input)
    {
        var length = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var value = input.ReadByte();
            if (value < 0)
                return shift == 0 ? null : throw new EndOfStreamException();
            length |= (value & 0x7F) << shift;
            if (value < 0x80)
                return length;
        }
        return int.MaxValue;
    }
}
