using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Lab.Hosts;

/// <summary>
/// Carries TCP connections from a loopback port of the real machine to one of a lab host, for a browser to see inside. The
/// lab's own process never left the machine's network: only its hosts' threads did.
/// </summary>
sealed class HostForward : IDisposable
{
    readonly Host _host;
    readonly IPEndPoint _target;
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="host">Where the target is.</param>
    /// <param name="target">As the host itself sees it.</param>
    /// <param name="port">On the real machine; 0 takes a free one.</param>
    public HostForward(Host host, IPEndPoint target, int port)
    {
        _host = host;
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(64);
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    async Task Accept()
    {
        try
        {
            while (true)
                _ = Carry(await _listener.AcceptAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The lab was stopped.
        }
    }

    async Task Carry(Socket outside)
    {
        using var inside = _host.Tcp();
        try
        {
            await inside.ConnectAsync(_target);
            await using var near = new NetworkStream(outside, ownsSocket: true);
            await using var far = new NetworkStream(inside);
            await Task.WhenAll(Pour(near, far, inside), Pour(far, near, outside));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            outside.Dispose();
        }
    }

    static async Task Pour(Stream from, Stream to, Socket end)
    {
        await from.CopyToAsync(to);
        end.Shutdown(SocketShutdown.Send);
    }
}
