using System.Security.Cryptography;

namespace ProbeNet.Protos.Identifiers;

/// <summary>A key's short name: the first 16 bytes of the SHA-256 of its public key.</summary>
public static class KeyId
{
    public const int Size = 16;

    public static byte[] Of(ReadOnlySpan<byte> publicKey) => SHA256.HashData(publicKey)[..Size];
}
