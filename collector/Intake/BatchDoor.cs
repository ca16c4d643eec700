using Google.Protobuf;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Intake;

/// <summary>What the checks made of an envelope: a batch for the queue, or one of <see cref="Refusals"/>.</summary>
/// <param name="SealHash">Empty when the envelope could not be opened.</param>
sealed record BatchVerdict(string? Refusal, CheckedBatch? Batch, ByteString SealHash, uint Count)
{
    public static BatchVerdict Refused(string reason) => new(reason, null, ByteString.Empty, 0);
}

/// <summary>
/// Everything that can be checked of a batch without a store. The same for what comes over a session and what is carried by
/// hand. Does not throw on hostile input.
/// </summary>
static class BatchDoor
{
    static readonly int LargestCiphertext = Sealed.Sizes[^1] + 64;

    public static BatchVerdict Check(FleetState fleet, Signed certificate, KeyCertificate of, Envelope envelope, uint today)
    {
        if (envelope.Ciphertext.Length > LargestCiphertext)
            return BatchVerdict.Refused(Refusals.TooLarge);
        if (!TryOpen(fleet, envelope, out var compressed, out var refusal))
            return BatchVerdict.Refused(refusal);
        using var content = Sealed.TryDecompress(compressed);
        if (content is null || Parse(content.Memory.Span) is not { } batch)
            return BatchVerdict.Refused(Refusals.Malformed);
        if (BatchCheck.Check(batch, out var seal) is { } broken)
            return BatchVerdict.Refused(broken);
        if (seal!.Header.PublicKey != of.PublicKey)
            return BatchVerdict.Refused(Refusals.UnknownKey);
        var checkedBatch = new CheckedBatch
        {
            Certificate = of,
            SignedCertificate = certificate,
            Batch = UnsafeByteOperations.UnsafeWrap(compressed),
            SealHash = UnsafeByteOperations.UnsafeWrap(seal.SealHash),
            Sequence = seal.Header.Sequence,
            Previous = seal.Header.Previous,
            Count = seal.Header.Count,
            ReceivedDay = today,
        };
        return new(null, checkedBatch, checkedBatch.SealHash, checkedBatch.Count);
    }

    /// <summary>Opens an envelope with whichever of the collector's keys it is for.</summary>
    public static bool TryOpen(FleetState fleet, Envelope envelope, out byte[] compressed, out string refusal)
    {
        compressed = [];
        refusal = Refusals.WrongRecipient;
        if (fleet.Keys.Encryption.FirstOrDefault(key => key.Recipient == envelope.Recipient) is not { } recipient)
            return false;
        refusal = Refusals.Malformed;
        if (Sealed.TryOpen(envelope, recipient) is not { } opened)
            return false;
        compressed = opened;
        return true;
    }

    /// <summary>The signed receipt for an envelope.</summary>
    public static Signed Receipt(FleetState fleet, byte[] envelopeHash, BatchVerdict verdict, uint today) =>
        fleet.Keys.Identity.Sign(SigningContext.Receipt, new Receipt
        {
            SealHash = verdict.SealHash,
            EnvelopeHash = UnsafeByteOperations.UnsafeWrap(envelopeHash),
            Outcome = verdict.Refusal is null ? ReceiptOutcome.Accepted : ReceiptOutcome.Rejected,
            Reason = verdict.Refusal ?? "",
            Count = verdict.Count,
            Day = today,
        });

    static Batch? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Batch.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
