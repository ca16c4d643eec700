using Google.Protobuf;
using NSec.Cryptography;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>An Ed25519 private key (RFC 8032). 32 bytes as exported.</summary>
public sealed class SigningKey : IDisposable
{
    readonly Key _key;

    SigningKey(Key key)
    {
        _key = key;
        PublicKey = new VerificationKey(key.PublicKey);
    }

    public VerificationKey PublicKey { get; }

    public static SigningKey Create() =>
        new(Key.Create(SignatureAlgorithm.Ed25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <exception cref="FormatException">The bytes are not a 32-byte seed.</exception>
    public static SigningKey Import(ReadOnlySpan<byte> seed) =>
        new(Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey,
            new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    public byte[] Export() => _key.Export(KeyBlobFormat.RawPrivateKey);

    /// <summary>64 bytes over the context's prefix and the statement.</summary>
    public byte[] Sign(SigningContext context, ReadOnlySpan<byte> statement) =>
        SignatureAlgorithm.Ed25519.Sign(_key, [.. context.Prefix(), .. statement]);

    /// <summary>Serialises the statement once and signs those bytes.</summary>
    public Signed Sign(SigningContext context, IMessage statement)
    {
        var bytes = statement.ToByteArray();
        return new()
        {
            Statement = UnsafeByteOperations.UnsafeWrap(bytes),
            Signature = UnsafeByteOperations.UnsafeWrap(Sign(context, bytes)),
        };
    }

    public void Dispose() => _key.Dispose();
}
