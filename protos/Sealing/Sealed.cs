using System.Buffers;
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
    public static byte[] Hash(Envelope envelope)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(envelope.Recipient.Span);
        hash.AppendData(envelope.EphemeralKey.Span);
        hash.AppendData(envelope.Ciphertext.Span);
        return hash.GetHashAndReset();
    }

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
        var length = envelope.Ciphertext.Length - Aead.TagSize;
        if (length < sizeof(uint) || length > Sizes[^1])
            return null;
        // Envelopes are large and many: what is only passed through is rented.
        var padded = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (!Aead.Decrypt(key, new byte[Aead.NonceSize], envelope.EphemeralKey.Span, envelope.Ciphertext.Span, padded.AsSpan(0, length)))
                return null;
            var compressed = BinaryPrimitives.ReadUInt32BigEndian(padded);
            return compressed <= length - sizeof(uint) ? padded.AsSpan(sizeof(uint), (int)compressed).ToArray() : null;
        }
        finally
        {
            padded.AsSpan(0, length).Clear();
            ArrayPool<byte>.Shared.Return(padded);
        }
    }

    /// <summary>Does not throw on hostile input.</summary>
    /// <returns>The content in rented memory, for the caller to dispose of; null when the bytes are not Brotli, or hold more than <see cref="MaximumContent"/>.</returns>
    public static IMemoryOwner<byte>? TryDecompress(ReadOnlySpan<byte> compressed)
    {
        using var decoder = new BrotliDecoder();
        var content = ArrayPool<byte>.Shared.Rent(Math.Clamp(compressed.Length * 4, 4096, MaximumContent + 1));
        var length = 0;
        while (true)
        {
            var status = decoder.Decompress(compressed, content.AsSpan(length), out var read, out var written);
            length += written;
            var rented = new RentedBytes(content, length);
            if (status == OperationStatus.Done && length <= MaximumContent)
                return rented;
            if (status != OperationStatus.DestinationTooSmall || length > MaximumContent)
            {
                rented.Dispose();
                return null;
            }
            compressed = compressed[read..];
            content = ArrayPool<byte>.Shared.Rent(Math.Min(content.Length * 2, MaximumContent + 1));
            rented.Memory.Span.CopyTo(content);
            rented.Dispose();
        }
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
