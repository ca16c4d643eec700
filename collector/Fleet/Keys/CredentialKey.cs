using Google.Protobuf;
using NSec.Cryptography;

namespace ProbeNet.Collector.Fleet.Keys;

/// <summary>Seals what an agent carries for the collector and cannot read. Layout: 24 bytes of nonce, ciphertext.</summary>
sealed class CredentialKey : IDisposable
{
    static readonly AeadAlgorithm Aead = AeadAlgorithm.XChaCha20Poly1305;

    readonly Key _key;

    CredentialKey(Key key) => _key = key;

    public static byte[] CreateSecret()
    {
        using var key = Key.Create(Aead, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return key.Export(KeyBlobFormat.RawSymmetricKey);
    }

    /// <exception cref="FormatException">The secret is not 32 bytes.</exception>
    public static CredentialKey Import(ReadOnlySpan<byte> secret) => new(Key.Import(Aead, secret, KeyBlobFormat.RawSymmetricKey));

    public ByteString Seal(Credential credential)
    {
        var nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(Aead.NonceSize);
        return UnsafeByteOperations.UnsafeWrap((byte[])[.. nonce, .. Aead.Encrypt(_key, nonce, [], credential.ToByteArray())]);
    }

    /// <returns>Null when the bytes were not sealed with this key. Does not throw on hostile input.</returns>
    public Credential? TryOpen(ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < Aead.NonceSize)
            return null;
        var plain = Aead.Decrypt(_key, sealedBytes[..Aead.NonceSize], [], sealedBytes[Aead.NonceSize..]);
        return plain is null ? null : Credential.Parser.ParseFrom(plain);
    }

    public void Dispose() => _key.Dispose();
}
