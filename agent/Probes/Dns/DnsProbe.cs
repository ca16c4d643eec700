using System.Net;
using System.Net.Security;
using ProbeNet.Agent.Probes.Tcp;
using ProbeNet.Agent.Probes.Tls;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>Asks one resolver one question, over whatever carries it, and says what came back.</summary>
/// <param name="newId">Draws the message's identifier.</param>
sealed class DnsProbe(
    ProbeSockets sockets, TcpProbe tcp, TlsProbe tls, SystemResolvers systemResolvers, DnsTimes times, Func<ushort> newId)
{
    static readonly SslApplicationProtocol Dot = new("dot");

    readonly UdpExchange _udp = new(sockets, times);

    /// <summary>Starts the question and returns at once. Nothing that the network does faults the tasks.</summary>
    public PendingQuery Ask(ResolverAddress resolver, DnsQuestion question, ProbeClock clock, CancellationToken cancellationToken)
    {
        var query = new DnsQuery
        {
            Engine = resolver.Engine,
            Resolver = question.Resolver,
            Hostname = question.Name,
            QueryType = question.Type,
            StartedUs = clock.Now,
            Attempt = question.Attempt,
        };
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new PendingQuery(query, first.Task, RunAsync(resolver, question, query, first, clock, cancellationToken));
    }

    async Task RunAsync(
        ResolverAddress resolver, DnsQuestion question, DnsQuery query, TaskCompletionSource first, ProbeClock clock,
        CancellationToken cancellationToken)
    {
        try
        {
            if (await EndpointOf(resolver, question, clock, cancellationToken) is not { } peer)
                query.Failure = FailureCodes.DnsNonRecoverable;
            else if (resolver.Engine == DnsEngines.System)
                await _udp.AskAsync(peer, PeerKind.SystemResolver, question, newId(), query, first, clock, cancellationToken);
            else if (!sockets.Allows(peer, PeerKind.Resolver))
                query.Failure = FailureCodes.DnsBogon;
            else if (resolver.Engine == DnsEngines.Udp)
                await _udp.AskAsync(peer, PeerKind.Resolver, question, newId(), query, first, clock, cancellationToken);
            else
                await AskOverStreamAsync(peer, resolver, question, query, clock, cancellationToken);
        }
        finally
        {
            lock (query)
                Conclude(query, clock);
            first.TrySetResult();
        }
    }

    // A query's outcome is its first usable reply's; what comes later is evidence of its own.
    static void Conclude(DnsQuery query, ProbeClock clock)
    {
        query.DurationUs = clock.Since(query.StartedUs);
        if ((query.Replies.FirstOrDefault(DnsReplies.IsUsable) ?? query.Replies.FirstOrDefault()) is not { } reply)
            return;
        query.Failure = reply.Failure;
        query.DurationUs = reply.ArrivedUs - query.StartedUs;
    }

    async Task AskOverStreamAsync(
        IPEndPoint peer, ResolverAddress resolver, DnsQuestion question, DnsQuery query, ProbeClock clock, CancellationToken cancellationToken)
    {
        var connected = await tcp.ConnectAsync(peer, PeerKind.Resolver, 0, clock, cancellationToken);
        query.Failure = connected.Observation.Failure;
        if (connected.Socket is not { } socket)
            return;
        Stream stream;
        if (resolver.Engine == DnsEngines.Tcp)
            stream = new TapStream(socket, sockets.Traffic);
        else
        {
            var protocol = resolver.Engine == DnsEngines.Tls ? Dot : SslApplicationProtocol.Http11;
            var secured = await tls.HandshakeAsync(socket, resolver.Host, protocol, ComparisonArms.None, 0, clock, cancellationToken);
            query.Failure = secured.Observation.Failure;
            if (secured.Stream is null)
                return;
            stream = secured.Stream;
        }
        await using (stream)
        {
            // RFC 8484, 4.1: identifier 0, so that caches between can serve.
            var id = resolver.Engine == DnsEngines.Https ? (ushort)0 : newId();
            using var deadline = new Deadline(clock.Time, times.Silence, cancellationToken);
            try
            {
                var message = DnsMessage.WriteQuery(id, question.Name, question.TypeNumber);
                var bytes = resolver.Engine == DnsEngines.Https
                    ? await HttpsExchange.AskAsync(stream, resolver.Host, resolver.Path, message, deadline.Token)
                    : await StreamExchange.AskAsync(stream, message, deadline.Token);
                var reply = DnsReplies.Read(bytes, id, question.Name, question.TypeNumber);
                reply.ArrivedUs = clock.Now;
                lock (query)
                    query.Replies.Add(reply);
            }
            catch (OperationCanceledException)
            {
                query.Failure = deadline.Failure;
            }
            catch (Exception e) when (FailureClassifier.IsNetworkFailure(e))
            {
                query.Failure = FailureClassifier.Of(e);
            }
        }
    }

    // The second try of a silent system resolver goes to the next one that is configured, as the C library does it.
    async Task<IPEndPoint?> EndpointOf(ResolverAddress resolver, DnsQuestion question, ProbeClock clock, CancellationToken cancellationToken)
    {
        if (resolver.Engine == DnsEngines.System)
        {
            var known = systemResolvers.Find();
            return known.Count == 0 ? null : new IPEndPoint(known[(int)question.Attempt % known.Count], systemResolvers.Port);
        }
        if (resolver.Address is { } pinned)
            return new IPEndPoint(pinned, resolver.Port);
        var lookup = Ask(ResolverAddress.System, new DnsQuestion(ResolverNames.System, resolver.Host, "A"), clock, cancellationToken);
        await lookup.First;
        lock (lookup.Query)
        {
            var address = lookup.Query.Replies.SelectMany(reply => reply.Answers).FirstOrDefault(answer => answer.Address.Length == 4);
            return address is null ? null : new IPEndPoint(new IPAddress(address.Address.Span), resolver.Port);
        }
    }
}
