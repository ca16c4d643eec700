using System.Net;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Tells a blocked name from a blocked address: after the silence that residual blocking asks for, an innocuous name
/// and then the target's once more, towards the same address. Over TLS the name is the server name, in clear text the
/// request's host.
/// </summary>
sealed class SniComparison(EndpointTry endpoints, HttpProbe http, ResidualBlocking residual, ProbesOptions options)
{
    const int MostAddresses = 2;

    static readonly TimeSpan TimeForArms = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of the input's host that a comparison is due for.</summary>
    public IReadOnlyList<IPEndPoint> Due(Uri url, WebPlan plan, Trace trace)
    {
        var use = options.SniComparison ?? (plan.IsControl ? ProbeUse.On : ProbeUse.Anomaly);
        if (use == ProbeUse.Off || plan.InnocuousName.Length == 0
            || plan.InnocuousName == url.IdnHost || IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out _))
            return [];
        var failedOnly = use == ProbeUse.Anomaly;
        var places = url.Scheme == Uri.UriSchemeHttps ? trace.Handshakes(url.IdnHost, failedOnly) : trace.Requests(url.IdnHost, failedOnly);
        return [.. places.Take(MostAddresses)];
    }

    /// <summary>True when silence and both arms end within this time.</summary>
    public bool FitsInto(IReadOnlyList<IPEndPoint> peers, TimeSpan left) => peers.Max(residual.Remaining) + TimeForArms <= left;

    public Task RunAsync(
        Uri url, WebPlan plan, IReadOnlyList<IPEndPoint> peers, Trace trace, CancellationToken cancellationToken) =>
        Task.WhenAll(peers.Select(peer => CompareAsync(url, peer, plan, trace, cancellationToken)));

    async Task CompareAsync(Uri url, IPEndPoint peer, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        await Silence(peer, trace, cancellationToken);
        if (url.Scheme == Uri.UriSchemeHttp)
        {
            await AskAsync(new Uri($"http://{plan.InnocuousName}/"), peer, ComparisonArms.Innocuous, trace, cancellationToken);
            await AskAsync(url, peer, ComparisonArms.Target, trace, cancellationToken);
            return;
        }
        await endpoints.CompareAsync(peer, plan.InnocuousName, ComparisonArms.Innocuous, 1, trace, cancellationToken);
        await endpoints.CompareAsync(peer, url.IdnHost, ComparisonArms.Target, 1, trace, cancellationToken);
    }

    async Task AskAsync(Uri url, IPEndPoint peer, string arm, Trace trace, CancellationToken cancellationToken)
    {
        if (await endpoints.OpenAsync(peer, url.IdnHost, arm, secure: false, trace, cancellationToken) is not { } stream)
            return;
        var exchange = (await http.GetAsync(stream, url, peer, Fingerprints.None, _ => "", headOnly: true, trace.Clock, cancellationToken)).Observation;
        // That somebody answered is all that is wanted of it.
        exchange.Headers.Clear();
        (exchange.Arm, exchange.Url) = (arm, url.GetLeftPart(UriPartial.Path));
        trace.Add(exchange);
        if (arm == ComparisonArms.Target && EndpointTry.IsInterference(exchange.Failure))
            endpoints.Note(peer);
    }

    // Another measurement may have failed there meanwhile.
    async Task Silence(IPEndPoint peer, Trace trace, CancellationToken cancellationToken)
    {
        while (residual.Remaining(peer) is var remaining && remaining > TimeSpan.Zero)
            await Task.Delay(remaining + TimeSpan.FromMilliseconds(1), trace.Clock.Time, cancellationToken);
    }
}
