using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Tcp;
using ProbeNet.Agent.Probes.Tls;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Measurements;

/// <summary>A way to a site that is open: connected, and verified where it is TLS.</summary>
/// <param name="Root">SHA-256 of the authority that the certificate was trusted for; null without TLS.</param>
sealed record OpenWay(IPEndPoint Peer, Stream Stream, bool FromSystem, byte[]? Root = null);

/// <summary>Tries one address of a host over TCP and, for https, TLS.</summary>
sealed class EndpointTry(TcpProbe tcp, TlsProbe tls, TrafficMeter traffic, ResidualBlocking residual)
{
    public const string ResidualLimitation = "residual_wait";

    /// <returns>Null when the way is not open; why stands in the trace.</returns>
    public async Task<OpenWay?> TryAsync(Uri url, FoundAddress found, Trace trace, CancellationToken cancellationToken)
    {
        var peer = new IPEndPoint(found.Address, url.Port);
        if (!await IsFreeAsync(peer, trace, cancellationToken))
            return null;
        if (await ConnectAsync(peer, trace, cancellationToken) is not { } socket)
            return null;
        if (url.Scheme == Uri.UriSchemeHttp)
            return new OpenWay(peer, new TapStream(socket, traffic), found.FromSystem);
        var result = await HandshakeAsync(socket, peer, url.IdnHost, ComparisonArms.None, 0, trace, cancellationToken);
        return result.Stream is null ? null : new OpenWay(peer, result.Stream, found.FromSystem, result.Root);
    }

    /// <summary>A stream for an arm that asks for a page, whatever the certificate. Null when the way is not open.</summary>
    public async Task<Stream?> OpenAsync(
        IPEndPoint peer, string serverName, string arm, bool secure, Trace trace, CancellationToken cancellationToken)
    {
        var connected = await tcp.ConnectAsync(peer, PeerKind.Target, 1, trace.Clock, cancellationToken);
        trace.Add(connected.Observation);
        if (connected.Socket is not { } socket)
            return null;
        if (!secure)
            return new TapStream(socket, traffic);
        var result = await HandshakeAsync(socket, peer, serverName, arm, 1, trace, cancellationToken, untrusted: arm == ComparisonArms.Innocuous);
        return result.Stream;
    }

    /// <summary>One arm of a comparison: a fresh connection and a handshake with the given name.</summary>
    /// <returns>The handshake's failure, or the connection's; empty on success.</returns>
    public async Task<string> CompareAsync(
        IPEndPoint peer, string serverName, string arm, uint attempt, Trace trace, CancellationToken cancellationToken)
    {
        var connected = await tcp.ConnectAsync(peer, PeerKind.Target, attempt, trace.Clock, cancellationToken);
        trace.Add(connected.Observation);
        if (connected.Socket is not { } socket)
            return connected.Observation.Failure;
        var result = await HandshakeAsync(socket, peer, serverName, arm, attempt, trace, cancellationToken);
        if (result.Stream is not null)
            await result.Stream.DisposeAsync();
        return result.Observation.Failure;
    }

    /// <summary>Something in the path may remember: nothing is sent there for a while.</summary>
    public void Note(IPEndPoint peer) => residual.Note(peer);

    /// <summary>True for a failure that a name in clear may have caused; a certificate's fault is not one.</summary>
    public static bool IsInterference(string failure) =>
        failure is FailureCodes.ConnectionReset or FailureCodes.GenericTimeout or FailureCodes.EofError or FailureCodes.SslHandshakeFailed
            or FailureCodes.ConnectionAborted or FailureCodes.TimedOut;

    async Task<bool> IsFreeAsync(IPEndPoint peer, Trace trace, CancellationToken cancellationToken)
    {
        var remaining = residual.Remaining(peer);
        if (remaining == TimeSpan.Zero)
            return true;
        // A lab's second is waited for; minutes would outlast the measurement, which then says what it left out.
        if (remaining > TimeSpan.FromSeconds(5))
        {
            trace.Limit(ResidualLimitation);
            return false;
        }
        await System.Threading.Tasks.Task.Delay(remaining, trace.Clock.Time, cancellationToken);
        return true;
    }

    async Task<Socket?> ConnectAsync(IPEndPoint peer, Trace trace, CancellationToken cancellationToken)
    {
        for (var attempt = 0u; attempt < 2; attempt++)
        {
            var connected = await tcp.ConnectAsync(peer, PeerKind.Target, attempt, trace.Clock, cancellationToken);
            trace.Add(connected.Observation);
            if (connected.Observation.Failure != FailureCodes.GenericTimeout)
                return connected.Socket;
        }
        return null;
    }

    async Task<TlsResult> HandshakeAsync(
        Socket socket, IPEndPoint peer, string serverName, string arm, uint attempt, Trace trace, CancellationToken cancellationToken,
        bool untrusted = false)
    {
        var result = await tls.HandshakeAsync(
            socket, serverName, SslApplicationProtocol.Http11, arm, attempt, trace.Clock, cancellationToken, untrusted);
        trace.Add(result.Observation, result.Certificates);
        if (arm != ComparisonArms.Innocuous && IsInterference(result.Observation.Failure))
            residual.Note(peer);
        return result;
    }
}
