using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>What a batch's own bytes prove, once its signature and its root hold.</summary>
/// <param name="Header">The statement that was signed.</param>
/// <param name="SealHash">Names the batch in the chain and in the log.</param>
/// <param name="Leaves">One hash a measurement, in the batch's order.</param>
public sealed record CheckedSeal(SealHeader Header, byte[] SealHash, IReadOnlyList<byte[]> Leaves);

public static class BatchCheck
{
    /// <summary>Checks everything that needs nothing but the batch. Does not throw on hostile input.</summary>
    /// <returns>Null when the batch holds; otherwise one of <see cref="Refusals"/>.</returns>
    public static string? Check(Batch batch, out CheckedSeal? checkedSeal)
    {
        checkedSeal = null;
        if (!TryReadHeader(batch.Seal, out var header))
            return Refusals.Malformed;
        if (batch.Measurements.Count is 0 or > BatchSealer.MaximumCount || header.Count != batch.Measurements.Count)
            return Refusals.Malformed;
        if (batch.Measurements.Any(m => m.FactsSalt.Length != Leaf.SaltSize || m.CircumstanceSalt.Length != Leaf.SaltSize))
            return Refusals.Malformed;
        if (!VerificationKey.TryImport(header.PublicKey.Span, out var key) || !key.Verify(SigningContext.Seal, batch.Seal))
            return Refusals.BadSignature;
        var leaves = batch.Measurements.Select(Leaf.Hash).ToArray();
        if (!MerkleTree.Root(leaves).AsSpan().SequenceEqual(header.Root.Span))
            return Refusals.BadRoot;
        checkedSeal = new(header, BatchSealer.SealHash(batch.Seal), leaves);
        return null;
    }

    /// <summary>The attachments by their SHA-256, as facts name them.</summary>
    public static Dictionary<ByteString, ByteString> AttachmentsByHash(Batch batch) =>
        batch.Attachments.DistinctBy(Hash).ToDictionary(Hash);

    static ByteString Hash(ByteString attachment) => UnsafeByteOperations.UnsafeWrap(SHA256.HashData(attachment.Span));

    static bool TryReadHeader(Signed? seal, [NotNullWhen(true)] out SealHeader? header)
    {
        header = null;
        if (seal is null)
            return false;
        try
        {
            header = SealHeader.Parser.ParseFrom(seal.Statement);
            return header.Sequence > 0 && header.Root.Length == MerkleTree.HashSize && header.Previous.Length is 0 or MerkleTree.HashSize;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
