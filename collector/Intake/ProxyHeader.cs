using System.Buffers;
using System.Buffers.Binary;
using System.Net;

namespace ProbeNet.Collector.Intake;

/// <summary>The binary header of the PROXY protocol, version 2 (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, section 2.2).</summary>
static class ProxyHeader
{
    public enum Outcome
    {
        Absent,
        Incomplete,
        Malformed,
        Read,
    }

    const int FixedSize = 16;

    // Addresses take 36 bytes at most, extensions rarely more than some hundred.
    const int LongestTail = 2048;

    static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <param name="address">The client's; null when the header names none (LOCAL, or another family).</param>
    /// <param name="length">Bytes of the header.</param>
    public static Outcome Read(ReadOnlySequence<byte> input, out IPAddress? address, out int length)
    {
        address = null;
        length = 0;
        Span<byte> head = stackalloc byte[FixedSize];
        var available = (int)Math.Min(input.Length, FixedSize);
        input.Slice(0, available).CopyTo(head);
        var compared = Math.Min(available, Signature.Length);
        if (!head[..compared].SequenceEqual(Signature[..compared]))
            return Outcome.Absent;
        if (available < FixedSize)
            return Outcome.Incomplete;
        var tail = BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        if (head[12] >> 4 != 2 || tail > LongestTail)
            return Outcome.Malformed;
        length = FixedSize + tail;
        if (input.Length < length)
            return Outcome.Incomplete;
        var isProxied = (head[12] & 0x0F) == 1;
        var size = (head[13] >> 4) switch { 1 => 4, 2 => 16, _ => 0 };
        if (!isProxied || size == 0)
            return Outcome.Read;
        // Source and destination address, then both ports.
        if (tail < (2 * size) + 4)
            return Outcome.Malformed;
        address = new IPAddress(input.Slice(FixedSize, size).ToArray());
        return Outcome.Read;
    }
}
