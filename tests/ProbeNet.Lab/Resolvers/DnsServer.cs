using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Resolvers;

/// <summary>Port 53 of one address, UDP and TCP.</summary>
sealed class DnsServer : IDisposable
{
    readonly Socket _udp;
    readonly TcpService _tcp;
    readonly Func<DnsMessage, IPAddress, Task<byte[]?>> _answer;

    /// <param name="answer">To a question of somebody; null is silence.</param>
    public DnsServer(Host host, IPAddress address, Func<DnsMessage, IPAddress, Task<byte[]?>> answer)
    {
        var end = new IPEndPoint(address, 53);
        _answer = answer;
        _udp = host.Udp(end);
        _tcp = new(AnswerConnection, host.Listener(end));
        _ = Datagrams();
    }

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    async Task Datagrams()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, _udp.LocalEndPoint!);
                if (DnsMessage.Read(buffer.AsSpan(0, received.ReceivedBytes)) is { } query)
                    _ = AnswerDatagram(query, received.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The lab was stopped.
        }
    }

    async Task AnswerDatagram(DnsMessage query, EndPoint asker)
    {
        try
        {
            if (await _answer(query, ((IPEndPoint)asker).Address) is { } reply)
                await _udp.SendToAsync(reply, asker);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            // Nobody there to hear it.
        }
    }

    async Task AnswerConnection(Socket connection)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        var length = new byte[2];
        while (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false) == 2)
        {
            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(question);
            if (DnsMessage.Read(question) is not { } query)
                return;
            if (await _answer(query, ((IPEndPoint)connection.RemoteEndPoint!).Address) is not { } reply)
                return;
            var framed = new byte[reply.Length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)reply.Length);
            reply.CopyTo(framed, 2);
            await stream.WriteAsync(framed);
        }
    }
}
