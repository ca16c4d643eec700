using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Agent.Tests.Probes;

/// <summary>A DNS server on loopback that gives to each question the replies that a script names, over UDP and TCP.</summary>
sealed class ScriptedDns : IAsyncDisposable
{
    readonly Func<string, ushort, IEnumerable<byte[]>> _script;
    readonly Socket _udp;
    readonly ScriptedServer _tcp;
    readonly CancellationTokenSource _stop = new();
    readonly Task _serving;
    int _asked;

    /// <param name="script">Gets the name and type, gives replies without their identifier; none is silence.</param>
    public ScriptedDns(Func<string, ushort, IEnumerable<byte[]>> script, int port = 0, string address = "127.0.0.1")
    {
        _script = script;
        (_udp, _tcp) = Bind(new IPEndPoint(IPAddress.Parse(address), port));
        EndPoint = _tcp.EndPoint;
        _serving = ServeUdpAsync();
    }

    public IPEndPoint EndPoint { get; }

    public int Asked => Volatile.Read(ref _asked);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        await _serving;
        await _tcp.DisposeAsync();
        _stop.Dispose();
    }

    // A port that is free for TCP may be taken for UDP by some other test's question just then.
    (Socket, ScriptedServer) Bind(IPEndPoint wanted)
    {
        while (true)
        {
            var tcp = new ScriptedServer(ServeTcpAsync, wanted.Port, wanted.Address.ToString());
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(tcp.EndPoint);
                return (udp, tcp);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && wanted.Port == 0)
            {
                udp.Dispose();
                tcp.Release();
            }
        }
    }

    /// <summary>A reply to a question, with the identifier left 0.</summary>
    public static byte[] Reply(string name, ushort type, int rcode, bool edns, params string[] addresses)
    {
        var reply = new List<byte> { 0, 0, 0x81, (byte)(0x80 | rcode), 0, 1, 0, (byte)addresses.Length, 0, 0, 0, edns ? (byte)1 : (byte)0 };
        foreach (var label in name.Split('.'))
            reply.AddRange([(byte)label.Length, .. System.Text.Encoding.ASCII.GetBytes(label)]);
        reply.AddRange([0, 0, (byte)type, 0, 1]);
        foreach (var address in addresses)
        {
            var bytes = IPAddress.Parse(address).GetAddressBytes();
            reply.AddRange([0xC0, 12, 0, (byte)(bytes.Length == 4 ? 1 : 28), 0, 1, 0, 0, 1, 44, 0, (byte)bytes.Length, .. bytes]);
        }
        if (edns)
            reply.AddRange([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
        return [.. reply];
    }

    public IEnumerable<byte[]> Answer(byte[] query)
    {
        Interlocked.Increment(ref _asked);
        var (name, type) = Question(query);
        foreach (var reply in _script(name, type))
        {
            var copy = reply.ToArray();
            query.AsSpan(0, 2).CopyTo(copy);
            yield return copy;
        }
    }

    static (string Name, ushort Type) Question(byte[] query)
    {
        var labels = new List<string>();
        var at = 12;
        for (; query[at] != 0; at += 1 + query[at])
            labels.Add(System.Text.Encoding.ASCII.GetString(query, at + 1, query[at]));
        return (string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1)));
    }

    async Task ServeUdpAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                foreach (var reply in Answer(buffer[..received.ReceivedBytes]))
                    await _udp.SendToAsync(reply, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    async Task ServeTcpAsync(Socket socket, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(query, cancellationToken);
        foreach (var reply in Answer(query))
            await stream.WriteAsync((byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply], cancellationToken);
    }
}
