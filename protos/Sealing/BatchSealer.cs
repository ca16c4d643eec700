using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>Seals the batches of one key: a chain in which each seal names the hash of the one before it.</summary>
/// <param name="key">The key of the network on which the measurements were made.</param>
/// <param name="sequence">The number of the key's last batch; 0 before the first.</param>
/// <param name="previous">The hash of that batch's seal; empty before the first.</param>
public sealed class BatchSealer(SigningKey key, ulong sequence, ReadOnlyMemory<byte> previous)
{
    /// <summary>Measurements in one batch at most.</summary>
    public const int MaximumCount = 200;

    public ulong Sequence { get; private set; } = sequence;

    public ReadOnlyMemory<byte> Previous { get; private set; } = previous;

    /// <summary>Salts and wraps the two messages of one measurement. What is passed here is hashed as it is.</summary>
    /// <param name="fillSalt">Fills its argument with random bytes; tests pass their own.</param>
    public static SealedMeasurement Wrap(Facts facts, Circumstance circumstance, Action<byte[]>? fillSalt = null)
    {
        fillSalt ??= bytes => RandomNumberGenerator.Fill(bytes);
        return new()
        {
            Facts = facts.ToByteString(),
            FactsSalt = Salt(fillSalt),
            Circumstance = circumstance.ToByteString(),
            CircumstanceSalt = Salt(fillSalt),
        };
    }

    /// <exception cref="ArgumentOutOfRangeException">No measurement, or more than <see cref="MaximumCount"/>.</exception>
    public Batch Seal(IReadOnlyCollection<SealedMeasurement> measurements, IEnumerable<ByteString> attachments)
    {
        ArgumentOutOfRangeException.ThrowIfZero(measurements.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(measurements.Count, MaximumCount);
        var header = new SealHeader
        {
            PublicKey = key.PublicKey.Bytes,
            Sequence = Sequence + 1,
            Previous = UnsafeByteOperations.UnsafeWrap(Previous),
            Root = UnsafeByteOperations.UnsafeWrap(MerkleTree.Root([.. measurements.Select(Leaf.Hash)])),
            Count = (uint)measurements.Count,
        };
        var batch = new Batch { Seal = key.Sign(SigningContext.Seal, header) };
        batch.Measurements.AddRange(measurements);
        batch.Attachments.AddRange(attachments);
        Sequence = header.Sequence;
        Previous = SealHash(batch.Seal);
        return batch;
    }

    /// <summary>SHA-256 over a seal's statement and signature: what the next seal and the log name it by.</summary>
    public static byte[] SealHash(Signed seal) => SHA256.HashData([.. seal.Statement.Span, .. seal.Signature.Span]);

    static ByteString Salt(Action<byte[]> fillSalt)
    {
        var salt = new byte[Leaf.SaltSize];
        fillSalt(salt);
        return UnsafeByteOperations.UnsafeWrap(salt);
    }
}
