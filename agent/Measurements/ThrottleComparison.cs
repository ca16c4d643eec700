using System.Net;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// After a page that came slowly: the same page at the same address under an innocuous server name, a reference's page at
/// its own address, and the target's once more. The differences tell a slowed name from a slowed address and from a slow line.
/// </summary>
sealed class ThrottleComparison(EndpointTry endpoints, HttpProbe http, Lookup lookup, ProbeSockets sockets)
{
    // Below this nothing can be told from a slow start.
    const uint SmallestBody = 4 * 1024;
    const double SlowBytesASecond = 48 * 1024;

    static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(1);

    // A pace shows by then; three whole pages, each slow, would outlast the measurement.
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(5);

    /// <summary>The exchange that came slowly; null when none did.</summary>
    public static HttpExchange? Due(WebPlan plan, Trace trace) => plan.InnocuousName.Length == 0 ? null
        : trace.Seen().Http.LastOrDefault(one => one.Arm == ComparisonArms.None && IsSlow(one));

    public async Task RunAsync(HttpExchange slow, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        var url = new Uri(slow.Url);
        var peer = new IPEndPoint(new IPAddress(slow.Address.Span), (int)slow.Port);
        var secure = url.Scheme == Uri.UriSchemeHttps;
        // Without TLS the name stands in the request itself.
        var innocuous = secure ? url : new UriBuilder(url) { Host = plan.InnocuousName }.Uri;
        await FetchAsync(innocuous, peer, plan.InnocuousName, ComparisonArms.Innocuous, trace, cancellationToken);
        if (await ReferenceAsync(url.Scheme, plan, trace, cancellationToken) is { } reference)
            await FetchAsync(new Uri($"{url.Scheme}://{plan.InnocuousName}/"), reference, plan.InnocuousName, ComparisonArms.Reference, trace, cancellationToken);
        await FetchAsync(url, peer, url.IdnHost, ComparisonArms.Target, trace, cancellationToken);
    }

    static bool IsSlow(HttpExchange exchange)
    {
        if (exchange.Received < SmallestBody || exchange.FirstByteUs == 0)
            return false;
        var taken = TimeSpan.FromMicroseconds(exchange.StartedUs + (double)exchange.DurationUs - exchange.FirstByteUs);
        return taken > Noticeable && exchange.Received / taken.TotalSeconds < SlowBytesASecond;
    }

    async Task<IPEndPoint?> ReferenceAsync(string scheme, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        var port = scheme == Uri.UriSchemeHttps ? 443 : 80;
        var found = await lookup.FindAsync(plan.InnocuousName, plan with { Resolvers = [.. plan.Resolvers.Take(1)] }, new Trace(trace.Clock), cancellationToken);
        return found.Select(one => new IPEndPoint(one.Address, port)).FirstOrDefault(one => sockets.Allows(one, PeerKind.Target));
    }

    async Task FetchAsync(Uri url, IPEndPoint peer, string serverName, string arm, Trace trace, CancellationToken cancellationToken)
    {
        // The reference's own connections are no facts about the target.
        var side = arm == ComparisonArms.Reference ? new Trace(trace.Clock) : trace;
        if (await endpoints.OpenAsync(peer, serverName, arm, url.Scheme == Uri.UriSchemeHttps, side, cancellationToken) is not { } stream)
            return;
        using var enough = new Deadline(trace.Clock.Time, Enough, cancellationToken);
        var result = await http.GetAsync(stream, url, peer, Fingerprints.None, _ => "", headOnly: false, trace.Clock, enough.Token);
        var exchange = result.Observation;
        // The bytes' pace is all that is wanted of it.
        exchange.Headers.Clear();
        (exchange.Arm, exchange.Title, exchange.BodySha256, exchange.BodySimhash) = (arm, "", Google.Protobuf.ByteString.Empty, 0);
        exchange.Url = url.GetLeftPart(UriPartial.Path);
        trace.Add(exchange);
    }
}
