using System.Security.Cryptography;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>
/// The leaf of a measurement: SHA-256(0x00 ∥ F ∥ C), with F = SHA-256(0x02 ∥ salt ∥ facts) and
/// C = SHA-256(0x03 ∥ salt ∥ circumstance). Either message can be shown with its salt while the other stays a hash
/// that the salt keeps from being guessed.
/// </summary>
public static class Leaf
{
    /// <summary>Bytes of a salt.</summary>
    public const int SaltSize = 16;

    public static byte[] Hash(SealedMeasurement measurement) =>
        Hash(FactsHash(measurement.FactsSalt.Span, measurement.Facts.Span),
            CircumstanceHash(measurement.CircumstanceSalt.Span, measurement.Circumstance.Span));

    public static byte[] Hash(ReadOnlySpan<byte> factsHash, ReadOnlySpan<byte> circumstanceHash) =>
        HashParts(0, factsHash, circumstanceHash);

    public static byte[] FactsHash(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> facts) => HashParts(2, salt, facts);

    public static byte[] CircumstanceHash(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> circumstance) => HashParts(3, salt, circumstance);

    static byte[] HashParts(byte kind, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([kind]);
        hash.AppendData(first);
        hash.AppendData(second);
        return hash.GetHashAndReset();
    }
}
