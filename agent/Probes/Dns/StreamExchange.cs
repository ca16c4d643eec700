using System.Buffers.Binary;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>DNS messages over a stream: two bytes of length, then the message (RFC 1035, 4.2.2; RFC 7858).</summary>
static class StreamExchange
{
    /// <exception cref="IOException">The stream ended or broke.</exception>
    public static async Task<byte[]> AskAsync(Stream stream, byte[] query, CancellationToken cancellationToken)
    {
        var framed = new byte[2 + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        await stream.ReadExactlyAsync(framed.AsMemory(0, 2), cancellationToken);
        var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
        await stream.ReadExactlyAsync(reply, cancellationToken);
        return reply;
    }
}
