using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Middlebox;

/// <summary>A proxy with an address of its own, ports 80 and 443: it reads whose site is meant and passes everything on, untouched.</summary>
sealed class PassingProxy : IDisposable
{
    const int LongestHead = 16384;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly Host _router;
    readonly Func<string, IPAddress?> _find;
    readonly TcpService[] _services;

    /// <param name="find">Where a name's server is.</param>
    public PassingProxy(Host router, AddressPair at, Func<string, IPAddress?> find)
    {
        (_router, _find) = (router, find);
        _services = [.. ((int[])[80, 443]).Select(port => new TcpService(visitor => Pass(visitor, port), [.. at.All.Select(address => router.Listener(new IPEndPoint(address, port)))]))];
    }

    public void Dispose() => Array.ForEach(_services, service => service.Dispose());

    async Task Pass(Socket visitor, int port)
    {
        await using var near = new NetworkStream(visitor, ownsSocket: true);
        using var deadline = new CancellationTokenSource(Patience);
        var head = new byte[LongestHead];
        var (length, name) = await NameReader.ReadAsync(near, head, deadline.Token);
        if (name is null || _find(name) is not { } address)
            return;
        using var socket = await _router.TcpAsync();
        await socket.ConnectAsync(address, port, deadline.Token);
        await using var far = new NetworkStream(socket);
        await far.WriteAsync(head.AsMemory(0, length), deadline.Token);
        // Whoever ends first ends both.
        await await Task.WhenAny(near.CopyToAsync(far, deadline.Token), far.CopyToAsync(near, deadline.Token));
    }
}
