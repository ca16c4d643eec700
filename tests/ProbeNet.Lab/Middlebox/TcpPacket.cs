using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace ProbeNet.Lab.Middlebox;

/// <summary>One IPv4 packet with a TCP segment, read in place.</summary>
readonly record struct TcpPacket(ReadOnlyMemory<byte> Bytes)
{
    public const byte Fin = 1, Syn = 2, Rst = 4, Push = 8, Ack = 16;

    ReadOnlySpan<byte> Ip => Bytes.Span;

    int IpLength => (Ip[0] & 15) * 4;

    ReadOnlySpan<byte> Segment => Ip[IpLength..];

    public IPAddress Source => new(Ip.Slice(12, 4));

    public Flow Flow => new(BinaryPrimitives.ReadUInt32BigEndian(Ip[12..]), BinaryPrimitives.ReadUInt32BigEndian(Ip[16..]),
        BinaryPrimitives.ReadUInt16BigEndian(Segment), BinaryPrimitives.ReadUInt16BigEndian(Segment[2..]));

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Segment[4..]);

    public uint Acknowledged => BinaryPrimitives.ReadUInt32BigEndian(Segment[8..]);

    public byte Flags => Segment[13];

    public ReadOnlySpan<byte> Payload => Segment[((Segment[12] >> 4) * 4)..(BinaryPrimitives.ReadUInt16BigEndian(Ip[2..]) - IpLength)];

    /// <summary>Null for what is not whole.</summary>
    public static TcpPacket? Read(ReadOnlyMemory<byte> packet)
    {
        var ip = packet.Span;
        return ip.Length >= 40 && ip[0] >> 4 == 4 && ip[9] == 6 && BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) <= ip.Length
            && ip.Length >= (ip[0] & 15) * 4 + 20 ? new TcpPacket(packet) : null;
    }

    /// <summary>A packet of the flow, as the first address of it would send it.</summary>
    public static byte[] Forge(Flow flow, uint sequence, uint acknowledged, byte flags, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[40 + payload.Length];
        var ip = packet.AsSpan();
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)packet.Length);
        ip[8] = 61;
        ip[9] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], flow.Source);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], flow.Destination);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..20], 0));
        var tcp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, flow.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], flow.DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], acknowledged);
        tcp[12] = 0x50;
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 64240);
        payload.CopyTo(tcp[20..]);
        var pseudo = (flow.Source >> 16) + (flow.Source & 0xffff) + (flow.Destination >> 16) + (flow.Destination & 0xffff) + 6 + (uint)tcp.Length;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(tcp, pseudo));
        return packet;
    }

    static ushort Checksum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (var at = 0; at + 1 < bytes.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        if (bytes.Length % 2 == 1)
            sum += (uint)bytes[^1] << 8;
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}

/// <summary>One direction of a connection.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Flow(uint Source, uint Destination, ushort SourcePort, ushort DestinationPort)
{
    public Flow Back => new(Destination, Source, DestinationPort, SourcePort);

    public IPAddress SourceAddress => Address(Source);

    public IPAddress DestinationAddress => Address(Destination);

    static IPAddress Address(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }
}
