using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Agent.Tests.Uplink;

/// <summary>A SOCKS5 proxy on loopback (RFC 1928): no authentication, CONNECT only.</summary>
sealed class SocksProxy : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    int _connections;

    public SocksProxy()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"socks5://{_listener.LocalEndpoint}";

    public int Connections => _connections;

    public void Dispose() => _listener.Dispose();

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = RelayAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            return;
        }
    }

    async Task RelayAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var greeting = await ReadAsync(stream, 2);
            await ReadAsync(stream, greeting[1]);
            await stream.WriteAsync(new byte[] { 5, 0 });
            var request = await ReadAsync(stream, 4);
            var host = request[3] switch
            {
                1 => new IPAddress(await ReadAsync(stream, 4)).ToString(),
                3 => System.Text.Encoding.ASCII.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0])),
                _ => throw new InvalidOperationException("Only names and IPv4."),
            };
            var port = await ReadAsync(stream, 2);
            using var server = new TcpClient();
            await server.ConnectAsync(host, (port[0] << 8) | port[1]);
            Interlocked.Increment(ref _connections);
            await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
            await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
        }
    }

    static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
