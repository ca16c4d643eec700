using System.Security.Cryptography;
using Google.Protobuf;
using NSec.Cryptography;

namespace ProbeNet.Protos.Sealing;

/// <summary>The collector's X25519 private key (RFC 7748): envelopes are sealed to its public half.</summary>
public sealed class DecryptionKey : IDisposable
{
    readonly Key _key;

    DecryptionKey(Key key)
    {
        _key = key;
        PublicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        Recipient = RecipientOf(PublicKey);
    }

    /// <summary>32 bytes.</summary>
    public byte[] PublicKey { get; }

    /// <summary>What an envelope names its addressee by.</summary>
    public ByteString Recipient { get; }

    public static DecryptionKey Create() =>
        new(Key.Create(KeyAgreementAlgorithm.X25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <exception cref="FormatException">The bytes are not a 32-byte private key.</exception>
    public static DecryptionKey Import(ReadOnlySpan<byte> bytes) =>
        new(Key.Import(KeyAgreementAlgorithm.X25519, bytes, KeyBlobFormat.RawPrivateKey,
            new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    public byte[] Export() => _key.Export(KeyBlobFormat.RawPrivateKey);

    internal static ByteString RecipientOf(ReadOnlySpan<byte> publicKey) => ByteString.CopyFrom(SHA256.HashData(publicKey)[..8]);

    internal SharedSecret? Agree(ReadOnlySpan<byte> ephemeralKey) =>
        NSec.Cryptography.PublicKey.TryImport(KeyAgreementAlgorithm.X25519, ephemeralKey, KeyBlobFormat.RawPublicKey, out var other)
            ? KeyAgreementAlgorithm.X25519.Agree(_key, other!)
            : null;

    public void Dispose() => _key.Dispose();
}
