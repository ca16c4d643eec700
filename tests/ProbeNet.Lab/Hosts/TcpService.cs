using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ProbeNet.Lab.Hosts;

/// <summary>Takes connections and serves each by itself: a visitor who leaves, or whom the network is cut from, ends nobody else's.</summary>
sealed class TcpService : IDisposable
{
    readonly Socket[] _listeners;
    readonly Func<Socket, Task> _serve;

    /// <param name="serve">Of a connection, which is closed afterwards.</param>
    public TcpService(Func<Socket, Task> serve, params Socket[] listeners)
    {
        (_serve, _listeners) = (serve, listeners);
        foreach (var listener in listeners)
            _ = AcceptAsync(listener);
    }

    /// <summary>At every address of a host.</summary>
    public static TcpService Everywhere(Host host, int port, Func<Socket, Task> serve) =>
        new(serve, host.Listener(new IPEndPoint(IPAddress.Any, port)), host.Listener(new IPEndPoint(IPAddress.IPv6Any, port)));

    public void Dispose() => Array.ForEach(_listeners, listener => listener.Dispose());

    async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The lab was stopped.
        }
    }

    async Task ServeAsync(Socket visitor)
    {
        using (visitor)
            try
            {
                await _serve(visitor);
            }
            catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
            {
                // The visitor left, came to nothing in time, or did not want the certificate.
            }
    }
}
