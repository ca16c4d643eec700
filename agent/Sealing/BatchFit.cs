using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Sealing;

/// <summary>A batch that fits its envelope, and the head that stands beside it in the spool.</summary>
/// <param name="Count">Measurements, from the front of what was offered.</param>
sealed record FittedBatch(int Count, Envelope Envelope, SpooledSeal Seal);

/// <summary>Makes the longest batch that an envelope takes out of measurements in a row.</summary>
static class BatchFit
{
    /// <param name="previous">The key's last seal; a sequence of 0 before its first.</param>
    /// <returns>Null when the first measurement alone is too large.</returns>
    public static FittedBatch? TryFit(SigningKey key, SpooledSeal previous, IReadOnlyList<JournalRecord> records, ReadOnlySpan<byte> recipientKey)
    {
        for (var count = Math.Min(records.Count, BatchSealer.MaximumCount); count > 0; count /= 2)
        {
            var taken = records.Take(count).ToArray();
            var batch = new BatchSealer(key, previous.Sequence, previous.SealHash.Memory)
                .Seal([.. taken.Select(record => record.Measurement)], taken.SelectMany(record => record.Attachments).Distinct());
            var bytes = batch.CalculateSize() <= Sealed.MaximumContent ? batch.ToByteArray() : null;
            if (bytes is not null && Sealed.TrySeal(bytes, recipientKey) is { } envelope)
            {
                var sealHash = UnsafeByteOperations.UnsafeWrap(BatchSealer.SealHash(batch.Seal));
                return new(count, envelope, new() { Sequence = previous.Sequence + 1, SealHash = sealHash });
            }
        }
        return null;
    }
}
