using System.Buffers.Binary;
using System.Security.Cryptography;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Store;

/// <summary>The Merkle root over one UTC day's leaves of the log of batches, and where those leaves stand in it.</summary>
sealed record DayHead(DateOnly Day, long FirstIndex, long Size, byte[] Root)
{
    /// <summary>
    /// As a leaf of the log of days: SHA-256(0x00 ∥ day ∥ first index ∥ size ∥ root), the day since 1970-01-01 as a big-endian
    /// uint32, index and size as big-endian uint64.
    /// </summary>
    public byte[] Hash()
    {
        Span<byte> bytes = stackalloc byte[1 + sizeof(uint) + (2 * sizeof(ulong)) + MerkleTree.HashSize];
        bytes[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], LogLeaf.DayNumber(Day));
        BinaryPrimitives.WriteInt64BigEndian(bytes[5..], FirstIndex);
        BinaryPrimitives.WriteInt64BigEndian(bytes[13..], Size);
        Root.CopyTo(bytes[21..]);
        return SHA256.HashData(bytes);
    }
}

/// <summary>How far the log of days has come: the Merkle root over the heads of all days.</summary>
/// <param name="Days">Days that have a head.</param>
sealed record LogHead(int Days, DateOnly LastDay, byte[] Root)
{
    /// <exception cref="ArgumentException">No day has a head.</exception>
    public static LogHead Of(IReadOnlyList<DayHead> heads) => new(heads.Count, heads[^1].Day, MerkleTree.Root(heads.Select(head => head.Hash()).ToArray()));

    /// <summary>What is signed: days as a big-endian uint64, the last day as a big-endian uint32, the root.</summary>
    public byte[] Statement()
    {
        var bytes = new byte[sizeof(ulong) + sizeof(uint) + MerkleTree.HashSize];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Days);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), LogLeaf.DayNumber(LastDay));
        Root.CopyTo(bytes, 12);
        return bytes;
    }
}
