using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Agent.Probes;

/// <summary>What a socket is for decides where it may go.</summary>
enum PeerKind
{
    Target,
    Resolver,
    SystemResolver,
}

/// <summary>
/// The only place where probes open sockets, so the only place where an address has to be judged.
/// </summary>
/// <param name="policy">Where packets may go.</param>
/// <param name="local">An address to bind; null leaves the choice to the system.</param>
/// <param name="traffic">Counts what is sent and received.</param>
sealed class ProbeSockets(AddressPolicy policy, IPAddress? local, TrafficMeter traffic)
{
    public const int DnsPort = 53;

    public TrafficMeter Traffic => traffic;

    public bool Allows(IPEndPoint peer, PeerKind kind) => kind switch
    {
        PeerKind.Target => policy.AllowsTarget(peer),
        PeerKind.Resolver => policy.AllowsResolver(peer),
        // Whatever the machine itself asks, on the one port it asks on.
        PeerKind.SystemResolver => true,
        _ => false,
    };

    /// <param name="port">The own port, for probes that must take the same path again; 0 leaves it to the system.</param>
    /// <exception cref="InvalidOperationException">The policy forbids the peer: the caller should have asked.</exception>
    /// <exception cref="SocketException">No socket of that family can be had or bound.</exception>
    public Socket Open(IPEndPoint peer, PeerKind kind, SocketType type, int port = 0)
    {
        if (!Allows(peer, kind))
            throw new InvalidOperationException("A probe was about to leave the public internet.");
        var socket = new Socket(peer.AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            if (type == SocketType.Stream)
                socket.NoDelay = true;
            if (port > 0)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (local is not null && local.AddressFamily == peer.AddressFamily)
                socket.Bind(new IPEndPoint(local, port));
            else if (port > 0)
                socket.Bind(new IPEndPoint(peer.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket that only listens, to every packet of the protocol. Null without CAP_NET_RAW.</summary>
    public Socket? OpenRaw(ProtocolType protocol)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, protocol);
            // Before a bind nothing can be received.
            socket.Bind(new IPEndPoint(local is { AddressFamily: AddressFamily.InterNetwork } ? local : IPAddress.Any, 0));
            return socket;
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }
}
