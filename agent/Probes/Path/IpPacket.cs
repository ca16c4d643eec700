using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace ProbeNet.Agent.Probes.Path;

/// <summary>What a raw socket's IPv4 packet says of a probe: an ICMP error about it, or a TCP answer to it. Does not throw, whatever the bytes are.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="LocalPort">The probe's own port.</param>
/// <param name="RemotePort">The other side's.</param>
/// <param name="Ttl">With which the packet arrived.</param>
/// <param name="IcmpType">11 and 3 are those that matter; null for a TCP segment.</param>
/// <param name="Answers">A segment that resets, ends or carries data; one that only acknowledges says nothing.</param>
/// <param name="Opens">The other side's SYN with its acknowledgement (RFC 9293, 3.5).</param>
/// <param name="OwnSequence">In the probe's own stream: the number of the segment an error is about, or that a segment acknowledges.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct IpPacket(
    IPAddress From, ushort LocalPort, ushort RemotePort, byte Ttl, byte? IcmpType, bool Answers, bool Opens, uint OwnSequence)
{
    public const byte TimeExceeded = 11;
    public const byte Unreachable = 3;

    const byte ProtocolIcmp = 1, ProtocolTcp = 6;
    const int FinishFlag = 1, SynFlag = 2, ResetFlag = 4, AckFlag = 16;
    const int SmallestHeader = 20;

    public static IpPacket? Read(ReadOnlySpan<byte> packet)
    {
        if (!TryHeader(packet, out var protocol, out var payload))
            return null;
        var from = new IPAddress(packet.Slice(12, 4));
        if (protocol == ProtocolTcp && payload.Length >= SmallestHeader)
            return new(from, Port(payload, 2), Port(payload, 0), packet[8], null, Says(payload), Opening(payload), Number(payload, 8));
        if (protocol != ProtocolIcmp || payload.Length < 8 || payload[0] is not (TimeExceeded or Unreachable))
            return null;
        // RFC 792: the header of the packet it is about follows, and eight bytes more, which hold the ports and the sequence number.
        return TryHeader(payload[8..], out var inner, out var quoted) && inner == ProtocolTcp && quoted.Length >= 8
            ? new(from, Port(quoted, 0), Port(quoted, 2), packet[8], payload[0], false, false, Number(quoted, 4))
            : null;
    }

    static bool Says(ReadOnlySpan<byte> segment) =>
        (segment[13] & (ResetFlag | FinishFlag)) != 0 || segment.Length > Math.Max(SmallestHeader, (segment[12] >> 4) * 4);

    static bool Opening(ReadOnlySpan<byte> segment) => (segment[13] & (SynFlag | AckFlag | ResetFlag)) == (SynFlag | AckFlag);

    static bool TryHeader(ReadOnlySpan<byte> packet, out byte protocol, out ReadOnlySpan<byte> payload)
    {
        protocol = 0;
        payload = default;
        if (packet.Length < SmallestHeader || packet[0] >> 4 != 4)
            return false;
        var length = (packet[0] & 15) * 4;
        if (length < SmallestHeader || packet.Length < length)
            return false;
        protocol = packet[9];
        payload = packet[length..];
        return true;
    }

    static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    static ushort Port(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
