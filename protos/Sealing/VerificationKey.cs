using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using NSec.Cryptography;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>An Ed25519 public key, 32 bytes.</summary>
public sealed class VerificationKey
{
    readonly PublicKey _key;

    internal VerificationKey(PublicKey key)
    {
        _key = key;
        Bytes = ByteString.CopyFrom(key.Export(KeyBlobFormat.RawPublicKey));
    }

    public ByteString Bytes { get; }

    /// <returns>False when the bytes are not a public key.</returns>
    public static bool TryImport(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var imported)
            ? new(imported!)
            : null;
        return key is not null;
    }

    public bool Verify(SigningContext context, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature) =>
        SignatureAlgorithm.Ed25519.Verify(_key, [.. context.Prefix(), .. statement], signature);

    /// <summary>Does not throw on hostile input.</summary>
    public bool Verify(SigningContext context, Signed? signed) =>
        signed is not null && Verify(context, signed.Statement.Span, signed.Signature.Span);
}
