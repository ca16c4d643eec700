using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Probes.Quic;

/// <summary>Sends one Initial packet to UDP port 443 and says what came back. No connection is made.</summary>
sealed class QuicProbe(ProbeSockets sockets, TimeSpan silence)
{
    const int ConnectionIdentifier = 8;

    /// <summary>Does not throw for anything that the peer or the path does.</summary>
    /// <param name="reserved">Sends a version that nobody speaks: an answer shows that QUIC passes, and no name can be read.</param>
    /// <param name="arm">One of <see cref="ComparisonArms"/>.</param>
    /// <exception cref="InvalidOperationException">The address policy forbids the peer.</exception>
    public async Task<QuicExchange> AskAsync(
        IPEndPoint peer, string serverName, bool reserved, string arm, uint attempt, ProbeClock clock, CancellationToken cancellationToken)
    {
        var exchange = new QuicExchange
        {
            Address = ByteString.CopyFrom(peer.Address.GetAddressBytes()),
            Port = (uint)peer.Port,
            ServerName = serverName,
            StartedUs = clock.Now,
            ReservedVersion = reserved,
            Arm = arm,
            Attempt = attempt,
        };
        var (first, own) = (RandomNumberGenerator.GetBytes(ConnectionIdentifier), RandomNumberGenerator.GetBytes(ConnectionIdentifier));
        var packet = QuicPacket.Initial(
            reserved ? QuicPacket.ReservedVersion : QuicPacket.Version1, first, own, ClientHello.Write(serverName, own));
        using var deadline = new Deadline(clock.Time, silence, cancellationToken);
        try
        {
            using var socket = sockets.Open(peer, PeerKind.Target, SocketType.Dgram);
            await socket.ConnectAsync(peer, deadline.Token);
            sockets.Traffic.Datagram(packet.Length);
            await socket.SendAsync(packet, SocketFlags.None, deadline.Token);
            await ListenAsync(socket, first, own, exchange, deadline.Token);
        }
        catch (SocketException e)
        {
            exchange.Failure = FailureClassifier.Of(e.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            // What was not readable came all the same.
            exchange.Failure = exchange.Reply.Length > 0 ? FailureCodes.None : deadline.Failure;
        }
        exchange.DurationUs = clock.Since(exchange.StartedUs);
        return exchange;
    }

    // An unreadable datagram may be a forged one that precedes the server's: the first readable one counts.
    async Task ListenAsync(Socket socket, byte[] first, byte[] own, QuicExchange exchange, CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        while (exchange.Reply is QuicReplies.None or QuicReplies.Unreadable)
        {
            var read = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            sockets.Traffic.Datagram(read);
            var reply = QuicReply.Read(buffer.AsSpan(0, read), first, own);
            (exchange.Reply, exchange.CloseCode) = (reply.Kind, reply.CloseCode);
        }
    }
}
