using System.Buffers.Binary;
using System.Net;

namespace ProbeNet.Lab.Middlebox;

/// <summary>One whole IPv4 or IPv6 packet with TCP or UDP in it, read in place.</summary>
readonly record struct IpPacket(ReadOnlyMemory<byte> Bytes)
{
    public const byte Tcp = 6, Udp = 17;

    ReadOnlySpan<byte> Ip => Bytes.Span;

    bool V6 => Ip[0] >> 4 == 6;

    int HeaderLength => V6 ? 40 : (Ip[0] & 15) * 4;

    int Length => V6 ? 40 + BinaryPrimitives.ReadUInt16BigEndian(Ip[4..]) : BinaryPrimitives.ReadUInt16BigEndian(Ip[2..]);

    public byte Protocol => V6 ? Ip[6] : Ip[9];

    /// <summary>Hops that the packet may still go.</summary>
    public byte Ttl => V6 ? Ip[7] : Ip[8];

    /// <summary>From the TCP or UDP header on.</summary>
    public ReadOnlySpan<byte> Segment => Ip[HeaderLength..Length];

    public Flow Flow => new(
        new IPAddress(V6 ? Ip.Slice(8, 16) : Ip.Slice(12, 4)), new IPAddress(V6 ? Ip.Slice(24, 16) : Ip.Slice(16, 4)),
        BinaryPrimitives.ReadUInt16BigEndian(Segment), BinaryPrimitives.ReadUInt16BigEndian(Segment[2..]));

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Segment[4..]);

    public uint Acknowledged => BinaryPrimitives.ReadUInt32BigEndian(Segment[8..]);

    public byte Flags => Segment[13];

    /// <summary>What TCP or UDP carries.</summary>
    public ReadOnlySpan<byte> Payload => Protocol == Udp ? Segment[8..] : Segment[((Segment[12] >> 4) * 4)..];

    /// <summary>Null for what is not whole or of another protocol.</summary>
    public static IpPacket? Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 28 || bytes.Span[0] >> 4 is not (4 or 6) || (bytes.Span[0] >> 4 == 6 && bytes.Length < 48))
            return null;
        var packet = new IpPacket(bytes);
        var least = packet.Protocol switch { Tcp => 20, Udp => 8, _ => int.MaxValue };
        return packet.Length <= bytes.Length && packet.Length - packet.HeaderLength >= least ? packet : null;
    }
}
