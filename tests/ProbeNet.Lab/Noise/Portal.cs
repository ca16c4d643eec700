using System.Net;
using System.Net.Sockets;
using System.Text;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Noise;

/// <summary>A café's login page: every request in clear text is sent there.</summary>
sealed class Portal : IDisposable
{
    readonly Socket[] _listeners;
    readonly byte[] _answer;

    public Portal(Host router, IPAddress own)
    {
        _answer = Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: http://{own}/login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        _listeners = [router.Listener(new IPEndPoint(IPAddress.Any, HomeRouter.PortalPort)), router.Listener(new IPEndPoint(IPAddress.IPv6Any, HomeRouter.PortalPort))];
        foreach (var listener in _listeners)
            _ = Accept(listener);
    }

    public void Dispose() => Array.ForEach(_listeners, listener => listener.Dispose());

    async Task Accept(Socket listener)
    {
        try
        {
            while (true)
                _ = Answer(await listener.AcceptAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The lab was stopped.
        }
    }

    async Task Answer(Socket visitor)
    {
        try
        {
            await using var stream = new NetworkStream(visitor, ownsSocket: true);
            using var reader = new StreamReader(stream, leaveOpen: true);
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }
            await stream.WriteAsync(_answer);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // The visitor left.
        }
    }
}
