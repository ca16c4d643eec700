using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;

namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>What a rollout goes by when it looks at an agent.</summary>
/// <param name="KeyId">Stands for the agent: a key belongs to one machine on one network.</param>
/// <param name="Own">The operator's own: they go first.</param>
/// <param name="Group">As the key's certificate has it.</param>
sealed record AgentTraits(ByteString KeyId, bool Own, string Cc, uint Asn, ByteString Group, string Version)
{
    /// <summary>Where an agent stands in one rollout, evenly from 0 to 2^64-1; the same for as long as the rollout lasts, another in the next.</summary>
    public ulong Position(string rollout)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Encoding.UTF8.GetBytes(rollout), 0, .. KeyId.Span], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
