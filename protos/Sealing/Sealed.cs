using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Google.Protobuf;
using NSec.Cryptography;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>
/// Compresses (Brotli), pads and encrypts bytes to the collector: X25519 with a fresh key, HKDF-SHA256, ChaCha20-Poly1305
/// (RFC 7748, 5869, 8439). The padded length is one of <see cref="Sizes"/>, so that a length on the wire tells little.
/// Plaintext layout: big-endian uint32 length of the compressed bytes, those bytes, zeros.
/// </summary>
public static class Sealed
{
    /// <summary>Padded lengths in bytes; what does not fit the last is refused.</summary>
    public static readonly IReadOnlyList<int> Sizes = [16 * 1024, 64 * 1024, 256 * 1024];

    /// <summary>Decompressed bytes at most: bounds what a hostile envelope can make the collector allocate.</summary>
    public const int MaximumContent = 8 * 1024 * 1024;

    static readonly AeadAlgorithm Aead = AeadAlgorithm.ChaCha20Poly1305;

    /// <returns>Null when the content does not fit the largest size.</returns>
    /// <param name="recipientKey">The collector's X25519 public key, 32 bytes.</param>
    /// <exception cref="ArgumentException">The recipient's key is malformed.</exception>
    public static Envelope? TrySeal(ReadOnlySpan<byte> content, ReadOnlySpan<byte> recipientKey)
    {
        var compressed = Compress(content);
        var size = Sizes.FirstOrDefault(size => compressed.Length + sizeof(uint) <= size);
        if (size == 0)
            return null;
        var padded = new byte[size];
        BinaryPrimitives.WriteUInt32BigEndian(padded, (uint)compressed.Length);
        compressed.CopyTo(padded.AsSpan(sizeof(uint)));
        if (!PublicKey.TryImport(KeyAgreementAlgorithm.X25519, recipientKey, KeyBlobFormat.RawPublicKey, out var recipient))
            throw new ArgumentException("Not an X25519 public key.", nameof(recipientKey));
        using var ephemeral = Key.Create(KeyAgreementAlgorithm.X25519);
        using var secret = KeyAgreementAlgorithm.X25519.Agree(ephemeral, recipient!)
            ?? throw new ArgumentException("The recipient's key is a point of small order.", nameof(recipientKey));
        var ephemeralKey = ephemeral.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        using var key = DeriveKey(secret, ephemeralKey, recipientKey);
        return new()
        {
            Recipient = DecryptionKey.RecipientOf(recipientKey),
            EphemeralKey = UnsafeByteOperations.UnsafeWrap(ephemeralKey),
            Ciphertext = UnsafeByteOperations.UnsafeWrap(Aead.Encrypt(key, new byte[Aead.NonceSize], ephemeralKey, padded)),
        };
    }

    /// <summary>What a receipt names an envelope by: SHA-256 over its three parts, in the order of their fields.</summary>
    public static byte[] Hash(Envelope envelope) =>
        SHA256.HashData([.. envelope.Recipient.Span, .. envelope.EphemeralKey.Span, .. envelope.Ciphertext.Span]);

    /// <summary>The compressed bytes inside. Does not throw on hostile input.</summary>
    /// <returns>Null when the envelope is for another key, altered or cut.</returns>
    public static byte[]? TryOpen(Envelope envelope, DecryptionKey recipient)
    {
        if (envelope.Recipient != recipient.Recipient)
            return null;
        using var secret = recipient.Agree(envelope.EphemeralKey.Span);
        if (secret is null)
            return null;
        using var key = DeriveKey(secret, envelope.EphemeralKey.Span, recipient.PublicKey);
        var padded = Aead.Decrypt(key, new byte[Aead.NonceSize], envelope.EphemeralKey.Span, envelope.Ciphertext.Span);
        if (padded is null || padded.Length < sizeof(uint))
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(padded);
        return length <= padded.Length - sizeof(uint) ? padded[sizeof(uint)..(int)(sizeof(uint) + length)] : null;
    }

    /// <summary>Does not throw on hostile input.</summary>
    /// <returns>Null when the bytes are not Brotli, or hold more than <see cref="MaximumContent"/>.</returns>
    public static byte[]? TryDecompress(ReadOnlyMemory<byte> compressed)
    {
        using var input = new BrotliStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        using var output = new MemoryStream(compressed.Length * 4);
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = input.Read(buffer)) > 0;)
            {
                if (output.Length + read > MaximumContent)
                    return null;
                output.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        return output.ToArray();
    }

    /// <summary>Brotli at the quality that envelopes use.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var output = new MemoryStream(content.Length / 3);
        using (var brotli = new BrotliStream(output, new BrotliCompressionOptions { Quality = 4 }, leaveOpen: true))
            brotli.Write(content);
        return output.ToArray();
    }

    // The key is fresh for every envelope, so the nonce is all zeros.
    static Key DeriveKey(SharedSecret secret, ReadOnlySpan<byte> ephemeralKey, ReadOnlySpan<byte> recipientKey) =>
        KeyDerivationAlgorithm.HkdfSha256.DeriveKey(secret, salt: [],
            info: [.. "probenet/v1/envelope\0"u8, .. ephemeralKey, .. recipientKey], Aead);
}
