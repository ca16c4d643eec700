using System.Security.Cryptography;

namespace ProbeNet.Protos.Sealing;

/// <summary>
/// The tree of RFC 6962 section 2.1 over leaf hashes that are already computed. All hashes are SHA-256, 32 bytes;
/// an inner node is SHA-256(0x01 ∥ left ∥ right).
/// </summary>
public static class MerkleTree
{
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <exception cref="ArgumentException">There is no leaf.</exception>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => throw new ArgumentException("A tree needs a leaf.", nameof(leaves)),
        1 => leaves[0],
        _ => Node(Root(leaves[..Split(leaves.Length)]), Root(leaves[Split(leaves.Length)..])),
    };

    /// <summary>The hashes beside the way from a leaf to the root, nearest the leaf first.</summary>
    public static IReadOnlyList<byte[]> Path(ReadOnlySpan<byte[]> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        var path = new List<byte[]>();
        Collect(leaves, index, path);
        return path;
    }

    /// <summary>Does not throw on hostile input.</summary>
    public static bool Verify(ReadOnlySpan<byte> leaf, int index, int count, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= count || path.Any(hash => hash.Length != HashSize))
            return false;
        var used = 0;
        var computed = Climb(leaf.ToArray(), index, count, path, ref used);
        return computed is not null && used == path.Count && computed.AsSpan().SequenceEqual(root);
    }

    static void Collect(ReadOnlySpan<byte[]> leaves, int index, List<byte[]> path)
    {
        if (leaves.Length == 1)
            return;
        var split = Split(leaves.Length);
        if (index < split)
        {
            Collect(leaves[..split], index, path);
            path.Add(Root(leaves[split..]));
        }
        else
        {
            Collect(leaves[split..], index - split, path);
            path.Add(Root(leaves[..split]));
        }
    }

    static byte[]? Climb(byte[] leaf, int index, int count, IReadOnlyList<byte[]> path, ref int used)
    {
        if (count == 1)
            return leaf;
        var split = Split(count);
        var left = index < split;
        var below = left ? Climb(leaf, index, split, path, ref used) : Climb(leaf, index - split, count - split, path, ref used);
        if (below is null || used == path.Count)
            return null;
        var beside = path[used++];
        return left ? Node(below, beside) : Node(beside, below);
    }

    // The largest power of two smaller than the count.
    internal static int Split(int count) => 1 << (31 - int.LeadingZeroCount(count - 1));

    internal static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * HashSize)];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + HashSize)..]);
        return SHA256.HashData(bytes);
    }
}
