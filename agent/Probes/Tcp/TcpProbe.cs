using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Tcp;

/// <summary>What a connection attempt came to. The socket is the caller's to dispose of.</summary>
sealed record TcpResult(TcpConnect Observation, Socket? Socket);

/// <summary>Opens one TCP connection and says what happened.</summary>
sealed class TcpProbe(ProbeSockets sockets, TimeSpan timeout)
{
    /// <summary>Does not throw for anything that the network does.</summary>
    /// <exception cref="InvalidOperationException">The address policy forbids the peer.</exception>
    public async Task<TcpResult> ConnectAsync(
        IPEndPoint peer, PeerKind kind, uint attempt, ProbeClock clock, CancellationToken cancellationToken)
    {
        var observation = new TcpConnect
        {
            Address = ByteString.CopyFrom(peer.Address.GetAddressBytes()),
            Port = (uint)peer.Port,
            StartedUs = clock.Now,
            Attempt = attempt,
        };
        using var deadline = new Deadline(clock.Time, timeout, cancellationToken);
        Socket? socket = null;
        try
        {
            socket = sockets.Open(peer, kind, SocketType.Stream);
            sockets.Traffic.Connection();
            await socket.ConnectAsync(peer, deadline.Token);
        }
        catch (SocketException e)
        {
            observation.Failure = FailureClassifier.Of(e.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            observation.Failure = deadline.Failure;
        }
        observation.DurationUs = clock.Since(observation.StartedUs);
        if (observation.Failure.Length == 0)
            return new TcpResult(observation, socket);
        socket?.Dispose();
        return new TcpResult(observation, null);
    }
}
