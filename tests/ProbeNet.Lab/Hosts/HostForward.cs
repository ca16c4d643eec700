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
    readonly Func<Task<Socket>> _open;
    readonly IPEndPoint _target;
    readonly TcpService _service;

    /// <param name="host">Where the target is.</param>
    /// <param name="target">As the host itself sees it.</param>
    /// <param name="port">On the real machine; 0 takes a free one.</param>
    public HostForward(Host host, IPEndPoint target, int port) : this(Here(port), host.TcpAsync, target)
    {
    }

    HostForward(Socket listener, Func<Task<Socket>> open, IPEndPoint target)
    {
        (_open, _target, Port) = (open, target, ((IPEndPoint)listener.LocalEndPoint!).Port);
        _service = new(Carry, listener);
    }

    public int Port { get; }

    /// <summary>The port of the host's loopback becomes the same port of the real machine's.</summary>
    public static HostForward Outwards(Host host, int port)
    {
        var end = new IPEndPoint(IPAddress.Loopback, port);
        return new(host.Listener(end), () => Task.FromResult(Plain()), end);
    }

    public void Dispose() => _service.Dispose();

    static Socket Plain() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    static Socket Here(int port)
    {
        var listener = Plain();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(64);
        return listener;
    }

    async Task Carry(Socket outside)
    {
        using var inside = await _open();
        await inside.ConnectAsync(_target);
        await using var near = new NetworkStream(outside, ownsSocket: true);
        await using var far = new NetworkStream(inside);
        await Task.WhenAll(Pour(near, far, inside), Pour(far, near, outside));
    }

    static async Task Pour(Stream from, Stream to, Socket end)
    {
        await from.CopyToAsync(to);
        end.Shutdown(SocketShutdown.Send);
    }
}
