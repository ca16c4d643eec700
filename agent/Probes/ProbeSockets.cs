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

    /// <exception cref="InvalidOperationException">The policy forbids the peer: the caller should have asked.</exception>
    /// <exception cref="SocketException">No socket of that family can be had or bound.</exception>
    public Socket Open(IPEndPoint peer, PeerKind kind, SocketType type)
    {
        if (!Allows(peer, kind))
            throw new InvalidOperationException("A probe was about to leave the public internet.");
        var socket = new Socket(peer.AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            if (type == SocketType.Stream)
                socket.NoDelay = true;
            if (local is not null && local.AddressFamily == peer.AddressFamily)
                socket.Bind(new IPEndPoint(local, 0));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
