using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace ProbeNet.Agent.Identity;

/// <summary>
/// The key under which everything else in the state directory rests. XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03):
/// its 24-byte nonces may be drawn at random for as long as the key lives.
/// </summary>
sealed class StateKey : IDisposable
{
    const string FileName = "state.key";
    const int Size = 32;

    static readonly AeadAlgorithm Aead = AeadAlgorithm.XChaCha20Poly1305;

    readonly Key _key;
    readonly byte[] _hashing;

    StateKey(ReadOnlySpan<byte> bytes)
    {
        _key = Key.Import(Aead, bytes, KeyBlobFormat.RawSymmetricKey);
        _hashing = HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes.ToArray(), Size, info: "probenet/agent/names"u8.ToArray());
    }

    /// <summary>Bytes that sealing adds.</summary>
    public static int Overhead => Aead.NonceSize + Aead.TagSize;

    /// <exception cref="InvalidDataException">The file is there and is not a key.</exception>
    public static StateKey OpenOrCreate(StateDirectory directory)
    {
        var bytes = directory.TryRead(FileName);
        if (bytes is null)
        {
            bytes = RandomNumberGenerator.GetBytes(Size);
            directory.Write(FileName, bytes);
        }
        if (bytes.Length != Size)
            throw new InvalidDataException($"{FileName} is not a key: {bytes.Length} bytes instead of {Size}.");
        return new(bytes);
    }

    public static bool Exists(StateDirectory directory) => File.Exists(directory.PathOf(FileName));

    /// <summary>Overwrites and removes the key: from now on the rest of the directory is noise. Solid-state disks may keep a copy.</summary>
    public static void Destroy(StateDirectory directory)
    {
        var path = directory.PathOf(FileName);
        if (!File.Exists(path))
            return;
        using (var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(handle, RandomNumberGenerator.GetBytes(Size), 0);
            RandomAccess.FlushToDisk(handle);
        }
        directory.Delete(FileName);
    }

    /// <summary>Nonce, then ciphertext and tag.</summary>
    /// <param name="name">What the bytes are; they open under the same name only.</param>
    public byte[] Seal(string name, ReadOnlySpan<byte> plaintext)
    {
        var nonce = RandomNumberGenerator.GetBytes(Aead.NonceSize);
        return [.. nonce, .. Aead.Encrypt(_key, nonce, Encoding.UTF8.GetBytes(name), plaintext)];
    }

    /// <returns>Null when the bytes were altered, are cut, or were sealed under another key or name.</returns>
    public byte[]? TryOpen(string name, ReadOnlySpan<byte> bytes) =>
        bytes.Length < Overhead
            ? null
            : Aead.Decrypt(_key, bytes[..Aead.NonceSize], Encoding.UTF8.GetBytes(name), bytes[Aead.NonceSize..]);

    /// <summary>A name for something that must not stand on disk in clear nor be guessed from its hash.</summary>
    public byte[] NameOf(string text) => HMACSHA256.HashData(_hashing, Encoding.UTF8.GetBytes(text));

    public void Dispose() => _key.Dispose();
}
