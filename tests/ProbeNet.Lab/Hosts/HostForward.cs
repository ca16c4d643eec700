using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Lab.Hosts;

/// <summary>
/// Carries TCP connections from a loopback port of the real machine to one of a lab host, for a browser to see inside, or the
/// other way, for a program inside to use a server of the real machine. The lab's own process never left the machine's
/// network: only its hosts' threads did.
/// </summary>
sealed class HostForward : IDisposable
{
    readonly Func<Socket> _open;
    readonly IPEndPoint _target;
    readonly Socket _listener;

    /// <param name="host">Where the target is.</param>
    /// <param name="target">As the host itself sees it.</param>
    /// <param name="port">On the real machine; 0 takes a free one.</param>
    public HostForward(Host host, IPEndPoint target, int port)
        : this(Plain(), () => host.Tcp(), target)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(64);
        _ = Accept();
    }

    HostForward(Socket listener, Func<Socket> open, IPEndPoint target) => (_listener, _open, _target) = (listener, open, target);

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The port of the host's loopback becomes the same port of the real machine's.</summary>
    public static HostForward Outwards(Host host, int port)
    {
        var end = new IPEndPoint(IPAddress.Loopback, port);
        var forward = new HostForward(host.Listener(end), Plain, end);
        _ = forward.Accept();
        return forward;
    }

    public void Dispose() => _listener.Dispose();

    static Socket Plain() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

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
        using var inside = _open();
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
