using System.Buffers.Binary;
using System.Net.Sockets;

namespace ProbeNet.Lab.Middlebox;

/// <summary>Packets of a flow, as the first address of it would send them.</summary>
static class Forged
{
    public const byte Fin = 1, Syn = 2, Rst = 4, Push = 8, Ack = 16;

    /// <summary>As a machine of its own would set it out, away from every usual starting value.</summary>
    public const byte OwnTtl = 61;

    public static byte[] Tcp(Flow flow, uint sequence, uint acknowledged, byte flags, ReadOnlySpan<byte> payload, byte ttl = OwnTtl)
    {
        var segment = new byte[20 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledged);
        segment[12] = 0x50;
        segment[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 64240);
        payload.CopyTo(segment.AsSpan(20));
        return Packet(flow, IpPacket.Tcp, segment, checksumAt: 16, ttl);
    }

    public static byte[] Udp(Flow flow, ReadOnlySpan<byte> payload, byte ttl = OwnTtl)
    {
        var segment = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(4), (ushort)segment.Length);
        payload.CopyTo(segment.AsSpan(8));
        return Packet(flow, IpPacket.Udp, segment, checksumAt: 6, ttl);
    }

    static byte[] Packet(Flow flow, byte protocol, byte[] segment, int checksumAt, byte ttl)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment, flow.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), flow.DestinationPort);
        byte[] addresses = [.. flow.Source.GetAddressBytes(), .. flow.Destination.GetAddressBytes()];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(checksumAt), Checksum(segment, Sum(addresses) + protocol + (uint)segment.Length));
        var header = flow.Source.AddressFamily == AddressFamily.InterNetwork ? Header4(segment.Length, protocol, ttl, addresses) : Header6(segment.Length, protocol, ttl, addresses);
        return [.. header, .. segment];
    }

    static byte[] Header4(int length, byte protocol, byte ttl, byte[] addresses)
    {
        byte[] ip = [0x45, 0, 0, 0, 0, 0, 0, 0, ttl, protocol, 0, 0, .. addresses];
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)(ip.Length + length));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), Checksum(ip, 0));
        return ip;
    }

    static byte[] Header6(int length, byte protocol, byte ttl, byte[] addresses)
    {
        byte[] ip = [0x60, 0, 0, 0, 0, 0, protocol, ttl, .. addresses];
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), (ushort)length);
        return ip;
    }

    static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var at = 0; at + 1 < bytes.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        return bytes.Length % 2 == 1 ? sum + ((uint)bytes[^1] << 8) : sum;
    }

    static ushort Checksum(ReadOnlySpan<byte> bytes, uint start)
    {
        var sum = start + Sum(bytes);
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
