using System.Buffers.Binary;
using System.Security.Cryptography;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Store;

/// <summary>The leaf of a batch in the log: SHA-256(0x00 ∥ hash of the seal ∥ day since 1970-01-01 as a big-endian uint32).</summary>
static class LogLeaf
{
    public static byte[] Hash(ReadOnlySpan<byte> sealHash, DateOnly day)
    {
        Span<byte> bytes = stackalloc byte[1 + MerkleTree.HashSize + sizeof(uint)];
        bytes[0] = 0;
        sealHash.CopyTo(bytes[1..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[(1 + MerkleTree.HashSize)..], DayNumber(day));
        return SHA256.HashData(bytes);
    }

    /// <summary>Days since 1970-01-01.</summary>
    public static uint DayNumber(DateOnly day) => (uint)(day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);
}
