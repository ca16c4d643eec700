using System.Buffers.Binary;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Middlebox;

/// <summary>
/// The kernel's queue of packets that wait for a verdict (nfnetlink_queue; linux/netfilter/nfnetlink_queue.h), as a router
/// sends them with iptables' NFQUEUE. nftables' own `queue` is missing from some kernels.
/// </summary>
sealed class PacketQueue
{
    const int NetlinkHeader = 16, FamilyHeader = 4, QueueSubsystem = 3 << 8;
    const int MessagePacket = 0, MessageVerdict = 1, MessageConfigure = 2;
    const int ConfigureCommand = 1, ConfigureParameters = 2, ConfigureLength = 3, ConfigureMask = 4;
    const int AttributePacketHeader = 1, AttributeVerdict = 2, AttributePayload = 10;
    const byte CommandBind = 1, CopyPacket = 2, FailOpen = 1, ConfigureFlags = 5;
    readonly int _descriptor;
    readonly ushort _number;

    public PacketQueue(Host host, ushort number)
    {
        _number = number;
        _descriptor = host.Inside(Native.NetfilterSocket);
        Configure(ConfigureCommand, [CommandBind, 0, 0, 2]);
        Configure(ConfigureParameters, [0, 0, 0xff, 0xff, CopyPacket]);
        // What there is no room for passes: a box that is too slow must not look like a bad line.
        Native.WidenReceiving(_descriptor);
        Configure(ConfigureLength, [0, 0, 0x40, 0]);
        // Two attributes in one message: which flags are set, and to what.
        Configure(ConfigureMask, [0, 0, 0, FailOpen], [8, 0, ConfigureFlags, 0, 0, 0, 0, FailOpen]);
    }

    /// <summary>Reads packets for good; <paramref name="judge"/> says whether each may pass.</summary>
    public void Run(Func<ReadOnlyMemory<byte>, bool> judge) => Read((packet, id) => Decide(id, judge(packet)));

    /// <summary>Reads packets for good; each waits until <see cref="Accept"/> is called with its number.</summary>
    public void Hold(Action<uint> waiting) => Read((_, id) => waiting(id));

    public void Accept(uint id) => Decide(id, pass: true);

    void Read(Action<ReadOnlyMemory<byte>, uint> packet)
    {
        var buffer = new byte[1 << 17];
        while (true)
        {
            var length = Native.Receive(_descriptor, buffer);
            for (var at = 0; length - at >= NetlinkHeader;)
            {
                var size = BitConverter.ToInt32(buffer, at);
                if (BitConverter.ToUInt16(buffer, at + 4) == (QueueSubsystem | MessagePacket))
                    Take(buffer.AsMemory(at + NetlinkHeader + FamilyHeader, size - NetlinkHeader - FamilyHeader), packet);
                at += Aligned(Math.Max(size, NetlinkHeader));
            }
        }
    }

    static void Take(ReadOnlyMemory<byte> attributes, Action<ReadOnlyMemory<byte>, uint> taker)
    {
        var packet = ReadOnlyMemory<byte>.Empty;
        uint id = 0;
        for (var at = 0; attributes.Length - at >= 4;)
        {
            var head = attributes.Span[at..];
            int length = BitConverter.ToUInt16(head);
            var type = BitConverter.ToUInt16(head[2..]) & 0x3fff;
            if (type == AttributePacketHeader)
                id = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
            else if (type == AttributePayload)
                packet = attributes.Slice(at + 4, length - 4);
            at += Aligned(length);
        }
        taker(packet, id);
    }

    void Decide(uint id, bool pass)
    {
        Span<byte> verdict = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(verdict, pass ? 1u : 0u);
        BinaryPrimitives.WriteUInt32BigEndian(verdict[4..], id);
        Send(MessageVerdict, AttributeVerdict, verdict);
    }

    void Configure(int attribute, ReadOnlySpan<byte> value, ReadOnlySpan<byte> further = default) => Send(MessageConfigure, attribute, value, further);

    void Send(int type, int attribute, ReadOnlySpan<byte> value, ReadOnlySpan<byte> further = default)
    {
        var length = NetlinkHeader + FamilyHeader + 4 + value.Length + further.Length;
        Span<byte> message = stackalloc byte[Aligned(length)];
        message.Clear();
        BitConverter.TryWriteBytes(message, Aligned(length));
        BitConverter.TryWriteBytes(message[4..], (ushort)(QueueSubsystem | type));
        BitConverter.TryWriteBytes(message[6..], (ushort)1);
        BinaryPrimitives.WriteUInt16BigEndian(message[(NetlinkHeader + 2)..], _number);
        BitConverter.TryWriteBytes(message[(NetlinkHeader + FamilyHeader)..], (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(message[(NetlinkHeader + FamilyHeader + 2)..], (ushort)attribute);
        value.CopyTo(message[(NetlinkHeader + FamilyHeader + 4)..]);
        further.CopyTo(message[(NetlinkHeader + FamilyHeader + 4 + value.Length)..]);
        Native.Send(_descriptor, message);
    }

    static int Aligned(int length) => (length + 3) & ~3;
}
