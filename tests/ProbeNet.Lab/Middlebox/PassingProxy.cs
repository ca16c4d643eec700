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
    readonly Socket[] _listeners;

    /// <param name="find">Where a name's server is.</param>
    public PassingProxy(Host router, AddressPair at, Func<string, IPAddress?> find)
    {
        (_router, _find) = (router, find);
        _listeners = [.. from address in at.All from port in (int[])[80, 443] select router.Listener(new IPEndPoint(address, port))];
        foreach (var listener in _listeners)
            _ = Accept(listener, ((IPEndPoint)listener.LocalEndPoint!).Port);
    }

    public void Dispose() => Array.ForEach(_listeners, listener => listener.Dispose());

    async Task Accept(Socket listener, int port)
    {
        try
        {
            while (true)
                _ = Pass(await listener.AcceptAsync(), port);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The lab was stopped.
        }
    }

    async Task Pass(Socket visitor, int port)
    {
        try
        {
            await using var near = new NetworkStream(visitor, ownsSocket: true);
            using var deadline = new CancellationTokenSource(Patience);
            var head = new byte[LongestHead];
            var length = 0;
            (bool Complete, bool Tls, string? Name) read = default;
            while (!read.Complete && length < head.Length && await near.ReadAsync(head.AsMemory(length), deadline.Token) is > 0 and var more)
                read = NameReader.Read(head.AsSpan(0, length += more));
            if (read.Name is null || _find(read.Name) is not { } address)
                return;
            using var socket = _router.Tcp();
            await socket.ConnectAsync(address, port, deadline.Token);
            await using var far = new NetworkStream(socket);
            await far.WriteAsync(head.AsMemory(0, length), deadline.Token);
            // Whoever ends first ends both.
            await await Task.WhenAny(near.CopyToAsync(far, deadline.Token), far.CopyToAsync(near, deadline.Token));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the two left.
        }
    }
}
