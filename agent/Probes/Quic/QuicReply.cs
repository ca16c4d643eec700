using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Probes.Quic;

/// <summary>What a datagram says that came back for an Initial packet.</summary>
/// <param name="Kind">One of <see cref="QuicReplies"/>.</param>
/// <param name="CloseCode">Of a CONNECTION_CLOSE; 0 without one.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct QuicReply(string Kind, uint CloseCode)
{
    const int Crypto = 6, Padding = 0, Ping = 1, Acknowledged = 2, AcknowledgedWithCounts = 3, Close = 0x1c, ServerHello = 2;
    const int MostFrames = 64;

    static readonly QuicReply Unreadable = new(QuicReplies.Unreadable, 0);

    /// <summary>Does not throw, whatever the bytes are. Anybody can answer; only what repeats our identifiers is an answer.</summary>
    /// <param name="first">The identifier drawn for the server.</param>
    /// <param name="own">The client's own.</param>
    public static QuicReply Read(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> first, ReadOnlySpan<byte> own)
    {
        var rest = datagram;
        if (rest.Length < 7 || (rest[0] & 0x80) == 0)
            return Unreadable;
        var version = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
        rest = rest[5..];
        if (!TryVector(ref rest, out var to) || !to.SequenceEqual(own) || !TryVector(ref rest, out var from))
            return Unreadable;
        if (version == 0)
            return from.SequenceEqual(first) && rest.Length >= 4 && rest.Length % 4 == 0 ? new(QuicReplies.VersionNegotiation, 0) : Unreadable;
        return ((datagram[0] >> 4) & 3) switch
        {
            3 => rest.Length > QuicKeys.TagSize ? new(QuicReplies.Retry, 0) : Unreadable,
            0 => Initial(datagram, rest, first),
            _ => Unreadable,
        };
    }

    static QuicReply Initial(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> first)
    {
        if (!TryNumber(ref rest, out var token) || token > (ulong)rest.Length)
            return Unreadable;
        rest = rest[(int)token..];
        if (!TryNumber(ref rest, out var length) || length > (ulong)rest.Length || length < 4 + QuicKeys.SampleSize)
            return Unreadable;
        var numberAt = datagram.Length - rest.Length;
        var packet = datagram[..(numberAt + (int)length)].ToArray();
        var keys = QuicKeys.OfServer(first);
        var mask = keys.Mask(packet.AsSpan(numberAt + 4));
        packet[0] ^= (byte)(mask[0] & 0x0f);
        var numberLength = (packet[0] & 3) + 1;
        ulong number = 0;
        for (var i = 0; i < numberLength; i++)
        {
            packet[numberAt + i] ^= mask[1 + i];
            number = (number << 8) | packet[numberAt + i];
        }
        var content = numberAt + numberLength;
        return keys.Open(number, packet.AsSpan(content), packet.AsSpan(0, content)) is { } plain ? Frames(plain) : Unreadable;
    }

    static QuicReply Frames(ReadOnlySpan<byte> rest)
    {
        for (var i = 0; i < MostFrames && TrySkipPadding(ref rest); i++)
        {
            if (!TryNumber(ref rest, out var type))
                return Unreadable;
            switch (type)
            {
                case Ping:
                    continue;
                case Acknowledged or AcknowledgedWithCounts:
                    if (!TrySkipAcknowledgement(ref rest, type == AcknowledgedWithCounts))
                        return Unreadable;
                    continue;
                case Crypto:
                    return TryNumber(ref rest, out var offset) && TryNumber(ref rest, out var size) && size > 0 && (ulong)rest.Length >= size
                        && (offset > 0 || rest[0] == ServerHello) ? new(QuicReplies.ServerHello, 0) : Unreadable;
                case Close:
                    return TryNumber(ref rest, out var code) ? new(QuicReplies.Close, (uint)Math.Min(code, uint.MaxValue)) : Unreadable;
                default:
                    return Unreadable;
            }
        }
        return Unreadable;
    }

    static bool TrySkipPadding(ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)Padding);
        return !rest.IsEmpty;
    }

    static bool TrySkipAcknowledgement(ref ReadOnlySpan<byte> rest, bool counts)
    {
        if (!TryNumber(ref rest, out _) || !TryNumber(ref rest, out _) || !TryNumber(ref rest, out var ranges) || !TryNumber(ref rest, out _))
            return false;
        // Each range takes two bytes at least, so more cannot be true.
        if (ranges > (ulong)rest.Length)
            return false;
        for (ulong i = 0; i < 2 * ranges + (counts ? 3ul : 0); i++)
        {
            if (!TryNumber(ref rest, out _))
                return false;
        }
        return true;
    }

    static bool TryVector(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        // RFC 9000, 17.2: identifiers are 20 bytes at most.
        if (rest.IsEmpty || rest[0] > 20 || rest.Length < 1 + rest[0])
            return false;
        vector = rest.Slice(1, rest[0]);
        rest = rest[(1 + rest[0])..];
        return true;
    }

    static bool TryNumber(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        if (rest.IsEmpty)
            return false;
        var length = 1 << (rest[0] >> 6);
        if (rest.Length < length)
            return false;
        value = (ulong)(rest[0] & 0x3f);
        for (var i = 1; i < length; i++)
            value = (value << 8) | rest[i];
        rest = rest[length..];
        return true;
    }
}
