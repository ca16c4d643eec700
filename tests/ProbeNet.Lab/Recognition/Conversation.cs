using System.Buffers;
using System.Runtime.InteropServices;
using ProbeNet.Lab.Middlebox;

namespace ProbeNet.Lab.Recognition;

/// <summary>A packet of a conversation.</summary>
/// <param name="At">Seconds since the capture began.</param>
/// <param name="Out">From the side that spoke first.</param>
/// <param name="Length">With the IP header.</param>
/// <param name="Payload">What TCP or UDP carries.</param>
/// <param name="Flags">TCP's; 0 for UDP.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct Passing(double At, bool Out, int Length, int Payload, byte Flags);

/// <summary>All packets of one pair of addresses and ports, and the first bytes of both sides.</summary>
sealed class Conversation(double begin, IpPacket first)
{
    public const byte Finish = 1, Syn = 2, Reset = 4, Acknowledge = 16;

    const int Kept = 16 * 1024;

    readonly List<Passing> _packets = [];
    readonly List<byte[]> _questions = [];
    readonly List<byte[]> _answers = [];
    readonly ArrayBufferWriter<byte> _sent = new();
    uint? _next;

    public double Begin => begin;

    public IpPacket First => first;

    public Flow Flow { get; } = first.Flow;

    public bool IsTcp => first.Protocol == IpPacket.Tcp;

    public IReadOnlyList<Passing> Packets => _packets;

    public double End => _packets[^1].At;

    /// <summary>UDP payloads of the side that spoke first.</summary>
    public IReadOnlyList<byte[]> Questions => _questions;

    /// <summary>UDP payloads of the other side.</summary>
    public IReadOnlyList<byte[]> Answers => _answers;

    /// <summary>The beginning of what was sent over TCP.</summary>
    public ReadOnlySpan<byte> Sent => _sent.WrittenSpan;

    /// <summary>In the order of their first packets; a TCP connection that was open before is left out.</summary>
    public static IReadOnlyList<Conversation> Read(IEnumerable<(double At, IpPacket Packet)> packets)
    {
        var open = new Dictionary<(byte Protocol, Flow Flow), Conversation>();
        foreach (var (at, packet) in packets)
        {
            if (!open.TryGetValue((packet.Protocol, packet.Flow), out var conversation) && !open.TryGetValue((packet.Protocol, packet.Flow.Back), out conversation))
                open[(packet.Protocol, packet.Flow)] = conversation = new Conversation(at, packet);
            conversation.Take(at, packet);
        }
        return [.. open.Values.Where(one => !one.IsTcp || (one.First.Flags & (Syn | Acknowledge)) == Syn).OrderBy(one => one.Begin)];
    }

    void Take(double at, IpPacket packet)
    {
        var sent = packet.Flow == Flow;
        _packets.Add(new Passing(at, sent, packet.Bytes.Length, packet.Payload.Length, IsTcp ? packet.Flags : (byte)0));
        if (!IsTcp)
            (sent ? _questions : _answers).Add(packet.Payload.ToArray());
        else if (sent && (packet.Flags & Syn) != 0)
            _next = packet.Sequence + 1;
        else if (sent && packet.Sequence == _next && _sent.WrittenCount < Kept)
        {
            _sent.Write(packet.Payload);
            _next += (uint)packet.Payload.Length;
        }
    }
}
