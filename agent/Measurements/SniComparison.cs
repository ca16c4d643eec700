using System.Net;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Tells a blocked name from a blocked address: after the silence that residual blocking asks for, an innocuous name
/// and then the target's once more, towards the same address.
/// </summary>
sealed class SniComparison(EndpointTry endpoints, ResidualBlocking residual, ProbesOptions options)
{
    const int MostAddresses = 2;

    static readonly TimeSpan TimeForArms = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of the input's host that a comparison is due for.</summary>
    public IReadOnlyList<IPEndPoint> Due(Uri url, WebPlan plan, Trace trace)
    {
        var use = options.SniComparison ?? (plan.IsControl ? ProbeUse.On : ProbeUse.Anomaly);
        if (use == ProbeUse.Off || url.Scheme != Uri.UriSchemeHttps || plan.InnocuousName.Length == 0
            || plan.InnocuousName == url.IdnHost || IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out _))
            return [];
        return [.. trace.Handshakes(url.IdnHost, failedOnly: use == ProbeUse.Anomaly).Take(MostAddresses)];
    }

    /// <summary>True when silence and both arms end within this time.</summary>
    public bool FitsInto(IReadOnlyList<IPEndPoint> peers, TimeSpan left) => peers.Max(residual.Remaining) + TimeForArms <= left;

    public Task RunAsync(
        Uri url, WebPlan plan, IReadOnlyList<IPEndPoint> peers, Trace trace, CancellationToken cancellationToken) =>
        Task.WhenAll(peers.Select(peer => CompareAsync(url, peer, plan, trace, cancellationToken)));

    async Task CompareAsync(Uri url, IPEndPoint peer, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        await Silence(peer, trace, cancellationToken);
        await endpoints.CompareAsync(peer, plan.InnocuousName, ComparisonArms.Innocuous, 1, trace, cancellationToken);
        await endpoints.CompareAsync(peer, url.IdnHost, ComparisonArms.Target, 1, trace, cancellationToken);
    }

    // Another measurement may have failed there meanwhile.
    async Task Silence(IPEndPoint peer, Trace trace, CancellationToken cancellationToken)
    {
        while (residual.Remaining(peer) is var remaining && remaining > TimeSpan.Zero)
            await Task.Delay(remaining + TimeSpan.FromMilliseconds(1), trace.Clock.Time, cancellationToken);
    }
}
