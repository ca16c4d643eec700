using System.Collections.Concurrent;
using System.Net;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Tells a blocked name from a blocked address: an innocuous name first, then the target's, towards the same address.
/// Where the silence that residual blocking asks for fits into the measurement, it follows the failure; otherwise the
/// next measurement of the same host begins with the innocuous name, before the target's ordinary handshake.
/// </summary>
sealed class SniComparison(EndpointTry endpoints, ResidualBlocking residual, ProbesOptions options)
{
    const int MostAddresses = 2;

    static readonly TimeSpan TimeForArms = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<string, bool> _suspects = new(StringComparer.Ordinal);

    /// <summary>Before the ordinary handshakes of the input's host.</summary>
    public async Task PrepareAsync(
        Uri url, WebPlan plan, IReadOnlyList<FoundAddress> usable, Trace trace, CancellationToken cancellationToken)
    {
        if (!IsWanted(url, plan) || (options.SniComparison != ProbeUse.On && !_suspects.ContainsKey(url.IdnHost)))
            return;
        await Task.WhenAll(usable.Take(MostAddresses)
            .Select(one => new IPEndPoint(one.Address, url.Port))
            .Where(peer => residual.Remaining(peer) == TimeSpan.Zero)
            .Select(peer => endpoints.CompareAsync(peer, plan.InnocuousName, ComparisonArms.Innocuous, 0, trace, cancellationToken)));
    }

    /// <summary>After everything else.</summary>
    public async Task RunAsync(Uri url, WebPlan plan, Trace trace, TimeSpan whole, CancellationToken cancellationToken)
    {
        if (!IsWanted(url, plan))
            return;
        var failed = trace.Failed(url.IdnHost);
        if (failed.Count == 0)
        {
            _suspects.TryRemove(url.IdnHost, out _);
            return;
        }
        _suspects[url.IdnHost] = true;
        var left = whole - TimeSpan.FromMicroseconds(trace.Clock.Now);
        if (residual.Wait + TimeForArms > left)
            return;
        await Task.WhenAll(failed.Take(MostAddresses).Select(peer => CompareAsync(url, peer, plan, trace, cancellationToken)));
    }

    async Task CompareAsync(Uri url, IPEndPoint peer, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        await Task.Delay(residual.Remaining(peer), trace.Clock.Time, cancellationToken);
        await endpoints.CompareAsync(peer, plan.InnocuousName, ComparisonArms.Innocuous, 1, trace, cancellationToken);
        await endpoints.CompareAsync(peer, url.IdnHost, ComparisonArms.Target, 1, trace, cancellationToken);
    }

    bool IsWanted(Uri url, WebPlan plan) =>
        options.SniComparison != ProbeUse.Off && url.Scheme == Uri.UriSchemeHttps && plan.InnocuousName.Length > 0
        && plan.InnocuousName != url.IdnHost && !IPAddress.TryParse(url.IdnHost, out _);
}
