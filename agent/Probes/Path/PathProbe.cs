using System.Net;
using System.Net.Sockets;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Probes.Path;

/// <summary>What one packet with one TTL met.</summary>
/// <param name="Reply">One of <see cref="PathReplies"/>.</param>
/// <param name="From">The router that said so. It is turned into a network's number and forgotten.</param>
/// <param name="ReplyTtl">Of the answer or the reset; 0 where the system does not tell.</param>
sealed record PathMeeting(string Reply, IPAddress? From = null, uint ReplyTtl = 0, string Content = "")
{
    public static readonly PathMeeting Silence = new(PathReplies.Silence);
}

/// <summary>
/// Sends one packet that lives for a given number of hops and says what came back. DNS and SYN need no privilege on Linux;
/// for what follows a handshake the routers' answers need a <see cref="RawListener"/>. A port of our own that cannot be had
/// is a SocketException: nothing was sent, so nothing was met.
/// </summary>
sealed class PathProbe(ProbeSockets sockets, TimeSpan patience)
{
    const int OrdinaryTtl = 64;

    static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);
    static readonly TimeSpan AfterError = TimeSpan.FromMilliseconds(200);

    /// <summary>A question over UDP towards an address that runs no resolver, or one that does.</summary>
    public async Task<PathMeeting> AskAsync(
        IPEndPoint peer, string name, ushort id, int port, int ttl, ProbeClock clock, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(clock.Time, patience, cancellationToken);
        using var socket = sockets.Open(peer, PeerKind.Resolver, SocketType.Dgram, port);
        socket.Ttl = (short)ttl;
        SocketMessages.TryWantErrors(socket);
        var reader = new DatagramReader(socket);
        try
        {
            await socket.ConnectAsync(peer, deadline.Token);
            var question = DnsMessage.WriteQuery(id, name, DnsMessage.TypeA);
            sockets.Traffic.Datagram(question.Length);
            await socket.SendAsync(question, SocketFlags.None, deadline.Token);
            while (true)
            {
                var (bytes, replyTtl) = await reader.ReadAsync(deadline.Token);
                var reply = DnsReplies.Read(bytes, id, name, DnsMessage.TypeA);
                if (DnsReplies.IsUsable(reply))
                    return new(PathReplies.Answer, null, replyTtl, reply.Failure.Length == 0 ? "address" : reply.Failure);
            }
        }
        catch (SocketException)
        {
            return Explain(SocketMessages.TakeError(socket)) ?? new(PathReplies.Unreachable);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PathMeeting.Silence;
        }
    }

    /// <summary>A SYN.</summary>
    public async Task<PathMeeting> KnockAsync(
        IPEndPoint peer, int port, int ttl, RawListener? listener, ProbeClock clock, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(clock.Time, patience, cancellationToken);
        using var socket = sockets.Open(peer, PeerKind.Target, SocketType.Stream, port);
        using var heard = socket.LocalEndPoint is IPEndPoint local ? listener?.Announce(local, peer) : null;
        socket.Ttl = (short)ttl;
        SocketMessages.TryWantErrors(socket);
        try
        {
            sockets.Traffic.Connection();
            await socket.ConnectAsync(peer, deadline.Token);
            Drop(socket);
            return new(PathReplies.Connected);
        }
        catch (SocketException e) when (!IsTaken(e))
        {
            // An ICMP error waits in the queue; a true reset leaves it empty.
            return Explain(SocketMessages.TakeError(socket))
                ?? (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset
                    ? new(PathReplies.Reset, null, await TtlAsync(heard, clock))
                    : new(PathReplies.Unreachable));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PathMeeting.Silence;
        }
    }

    /// <summary>Bytes on a connection that was made with an ordinary TTL.</summary>
    /// <returns>Null when there was no connection.</returns>
    public async Task<PathMeeting?> SayAsync(
        IPEndPoint peer, byte[] payload, int port, int ttl, RawListener? listener, ProbeClock clock, CancellationToken cancellationToken)
    {
        using var connect = new Deadline(clock.Time, ConnectPatience, cancellationToken);
        using var socket = sockets.Open(peer, PeerKind.Target, SocketType.Stream, port);
        using var heard = socket.LocalEndPoint is IPEndPoint local ? listener?.Announce(local, peer) : null;
        try
        {
            sockets.Traffic.Connection();
            await socket.ConnectAsync(peer, connect.Token);
        }
        catch (SocketException e) when (!IsTaken(e))
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        using var deadline = new Deadline(clock.Time, patience, cancellationToken);
        try
        {
            // No IP_RECVERR here: on an established connection it turns the router's answer into the connection's end.
            socket.Ttl = (short)ttl;
            sockets.Traffic.Stream(payload.Length);
            await socket.SendAsync(payload, SocketFlags.None, deadline.Token);
            return await ReactionAsync(socket, heard, clock, deadline.Token);
        }
        catch (SocketException)
        {
            return new(PathReplies.Reset, null, await TtlAsync(heard, clock));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PathMeeting.Silence;
        }
        finally
        {
            Drop(socket);
        }
    }

    /// <summary>The port is somebody else's, or the connection that had it before has not quite ended.</summary>
    public static bool IsTaken(SocketException e) => e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable;

    // A tap lets the packet go on to die at the next router: that answer must not hide the reset that comes with it.
    static async Task<PathMeeting> ReactionAsync(Socket socket, Heard? heard, ProbeClock clock, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        var receive = socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).AsTask();
        PathMeeting? exceeded = null;
        if (heard is not null && await Task.WhenAny(receive, heard.Error) != receive)
        {
            var error = await heard.Error;
            exceeded = new PathMeeting(error.IcmpType == IpPacket.TimeExceeded ? PathReplies.Exceeded : PathReplies.Unreachable, error.From);
        }
        try
        {
            var read = exceeded is null ? await receive : await receive.WaitAsync(AfterError, clock.Time, cancellationToken);
            return read == 0
                ? new(PathReplies.Close, null, await TtlAsync(heard, clock))
                : new(PathReplies.Answer, null, await TtlAsync(heard, clock), PathPayload.Kind(buffer.AsSpan(0, read)));
        }
        catch (Exception e) when (exceeded is not null && (e is TimeoutException or OperationCanceledException))
        {
            return exceeded;
        }
    }

    static async Task<uint> TtlAsync(Heard? heard, ProbeClock clock) => heard is null ? 0 : await heard.AnswerTtlAsync(clock.Time);

    static PathMeeting? Explain(IcmpError? error) => error switch
    {
        { Type: IpPacket.TimeExceeded } => new(PathReplies.Exceeded, error.From),
        not null => new(PathReplies.Unreachable, error.From),
        null => null,
    };

    // With an ordinary TTL again, so that the server hears of the end; a reset, so that the port is free at once.
    static void Drop(Socket socket)
    {
        try
        {
            socket.Ttl = OrdinaryTtl;
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // The other side was faster.
        }
    }
}
