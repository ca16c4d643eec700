using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ProbeNet.Agent.Probes.Quic;

/// <summary>
/// The keys of Initial packets (RFC 9001, 5.2). Anybody who sees the first connection identifier can compute them, which is
/// how a device on the path reads the server name.
/// </summary>
sealed class QuicKeys
{
    public const int TagSize = 16;
    public const int SampleSize = 16;

    static readonly byte[] Salt = Convert.FromHexString("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");

    readonly byte[] _key;
    readonly byte[] _iv;
    readonly byte[] _mask;

    QuicKeys(ReadOnlySpan<byte> firstConnection, string side)
    {
        var initial = HKDF.Extract(HashAlgorithmName.SHA256, firstConnection.ToArray(), Salt);
        var secret = Expand(initial, side, 32);
        (_key, _iv, _mask) = (Expand(secret, "quic key", 16), Expand(secret, "quic iv", 12), Expand(secret, "quic hp", 16));
    }

    public static QuicKeys OfClient(ReadOnlySpan<byte> firstConnection) => new(firstConnection, "client in");

    public static QuicKeys OfServer(ReadOnlySpan<byte> firstConnection) => new(firstConnection, "server in");

    public void Seal(ulong number, ReadOnlySpan<byte> plain, Span<byte> sealedBytes, ReadOnlySpan<byte> header)
    {
        using var cipher = new AesGcm(_key, TagSize);
        cipher.Encrypt(Nonce(number), plain, sealedBytes[..plain.Length], sealedBytes[plain.Length..], header);
    }

    /// <returns>Null when the bytes were not sealed with these keys.</returns>
    public byte[]? Open(ulong number, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> header)
    {
        if (sealedBytes.Length < TagSize)
            return null;
        var plain = new byte[sealedBytes.Length - TagSize];
        using var cipher = new AesGcm(_key, TagSize);
        try
        {
            cipher.Decrypt(Nonce(number), sealedBytes[..plain.Length], sealedBytes[plain.Length..], plain, header);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>The five bytes that cover a packet's first byte and number (RFC 9001, 5.4.3).</summary>
    public byte[] Mask(ReadOnlySpan<byte> sample)
    {
        using var cipher = Aes.Create();
        cipher.Key = _mask;
        return cipher.EncryptEcb(sample[..SampleSize], PaddingMode.None)[..5];
    }

    byte[] Nonce(ulong number)
    {
        var nonce = (byte[])_iv.Clone();
        var low = nonce.AsSpan(4);
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ number);
        return nonce;
    }

    // HKDF-Expand-Label of RFC 8446, 7.1, with an empty context.
    static byte[] Expand(byte[] secret, string label, int length)
    {
        var name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [(byte)(length >> 8), (byte)length, (byte)name.Length, .. name, 0]);
    }
}
