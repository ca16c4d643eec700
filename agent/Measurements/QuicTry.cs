using System.Net;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Quic;
using ProbeNet.Protos;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Whether QUIC reaches the target's addresses: first a packet in which no name can be read, then the one that a browser
/// would send. Off unless the machine's owner turns it on.
/// </summary>
sealed class QuicTry(QuicProbe quic, ProbeSockets sockets, ResidualBlocking tcpResidual, TimeProvider time, ProbesOptions options)
{
    const int MostAddresses = 2;
    const int HttpsPort = 443;

    // What a device remembers of a UDP flow is no reason to leave the address's TCP alone, nor the reverse.
    readonly ResidualBlocking _residual = new(time, tcpResidual.Wait);

    public async Task RunAsync(Uri url, IReadOnlyList<FoundAddress> found, Trace trace, CancellationToken cancellationToken)
    {
        if (options.Quic == ProbeUse.Off || url.Scheme != Uri.UriSchemeHttps || IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out _)
            || (options.Quic == ProbeUse.Anomaly && !Suspicions.Any(trace.Seen())))
            return;
        var peers = found.Select(one => new IPEndPoint(one.Address, HttpsPort))
            .Where(peer => sockets.Allows(peer, PeerKind.Target) && _residual.Remaining(peer) == TimeSpan.Zero).Take(MostAddresses);
        await Task.WhenAll(peers.Select(peer => OneAsync(peer, url.IdnHost, trace, cancellationToken)));
    }

    /// <summary>"answered" or "silent".</summary>
    public async Task<string> ReferenceAsync(IPEndPoint peer, string host, ProbeClock clock, CancellationToken cancellationToken)
    {
        if (options.Quic == ProbeUse.Off)
            return "";
        var exchange = await quic.AskAsync(peer, host, reserved: true, ComparisonArms.Reference, 0, clock, cancellationToken);
        return exchange.Reply.Length > 0 ? NetworkStates.Answered : NetworkStates.Silent;
    }

    async Task OneAsync(IPEndPoint peer, string host, Trace trace, CancellationToken cancellationToken)
    {
        trace.Add(await quic.AskAsync(peer, host, reserved: true, ComparisonArms.Innocuous, 0, trace.Clock, cancellationToken));
        for (var attempt = 0u; attempt < 2; attempt++)
        {
            var exchange = await quic.AskAsync(peer, host, reserved: false, ComparisonArms.None, attempt, trace.Clock, cancellationToken);
            trace.Add(exchange);
            if (exchange.Failure != FailureCodes.GenericTimeout)
                return;
        }
        _residual.Note(peer);
    }
}
