namespace ProbeNet.Protos.Sealing;

/// <summary>That a tree only grew: the consistency proofs of RFC 6962 section 2.1.2 between two sizes of one <see cref="MerkleTree"/>.</summary>
public static class MerkleConsistency
{
    /// <summary>What proves that the tree over all leaves continues the one over the first of them.</summary>
    /// <param name="size">Leaves of the earlier tree: 1 to all.</param>
    public static IReadOnlyList<byte[]> Path(ReadOnlySpan<byte[]> leaves, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, leaves.Length);
        var path = new List<byte[]>();
        Collect(leaves, size, isKnown: true, path);
        return path;
    }

    /// <summary>Does not throw on hostile input.</summary>
    public static bool Verify(int size, ReadOnlySpan<byte> root, int laterSize, ReadOnlySpan<byte> laterRoot, IReadOnlyList<byte[]> path)
    {
        if (size <= 0 || size > laterSize || path.Any(hash => hash.Length != MerkleTree.HashSize))
            return false;
        var used = 0;
        return Climb(root.ToArray(), size, laterSize, isKnown: true, path, ref used) is { } roots
            && used == path.Count && roots.Earlier.AsSpan().SequenceEqual(root) && roots.Later.AsSpan().SequenceEqual(laterRoot);
    }

    // The whole of the earlier tree is known to whoever asks; a part of it is not.
    static void Collect(ReadOnlySpan<byte[]> leaves, int size, bool isKnown, List<byte[]> path)
    {
        if (size == leaves.Length)
        {
            if (!isKnown)
                path.Add(MerkleTree.Root(leaves));
            return;
        }
        var split = MerkleTree.Split(leaves.Length);
        if (size <= split)
        {
            Collect(leaves[..split], size, isKnown, path);
            path.Add(MerkleTree.Root(leaves[split..]));
        }
        else
        {
            Collect(leaves[split..], size - split, isKnown: false, path);
            path.Add(MerkleTree.Root(leaves[..split]));
        }
    }

    static (byte[] Earlier, byte[] Later)? Climb(byte[] known, int size, int laterSize, bool isKnown, IReadOnlyList<byte[]> path, ref int used)
    {
        if (size == laterSize)
        {
            if (isKnown)
                return (known, known);
            return used == path.Count ? null : (path[used], path[used++]);
        }
        var split = MerkleTree.Split(laterSize);
        var below = size <= split
            ? Climb(known, size, split, isKnown, path, ref used)
            : Climb(known, size - split, laterSize - split, isKnown: false, path, ref used);
        if (below is not { } roots || used == path.Count)
            return null;
        var beside = path[used++];
        return size <= split
            ? (roots.Earlier, MerkleTree.Node(roots.Later, beside))
            : (MerkleTree.Node(beside, roots.Earlier), MerkleTree.Node(beside, roots.Later));
    }
}
