using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>What one measurement saw.</summary>
/// <param name="Facts">Bodies and redirects are scrubbed already; the rest is <see cref="FactsScrubber"/>'s.</param>
/// <param name="Certificates">DER, each once; the facts name them by SHA-256.</param>
/// <param name="Later">
/// Tests that have to keep silence for longer than a measurement lasts; gives the whole with them. Null when none is due.
/// </param>
sealed record Observed(
    Facts Facts, IReadOnlyList<byte[]> Certificates, Func<CancellationToken, Task<Observed>>? Later = null);

/// <summary>
/// Fetches one input step by step: names at every resolver, every public address over TCP and TLS, then the page and
/// its redirects. It takes down what happened and judges nothing.
/// </summary>
sealed class WebMeasurement(
    Lookup lookup, EndpointTry endpoints, HttpProbe http, SniComparison comparison, ThrottleComparison throttle, QuicTry quic,
    Localisation localisation, ProbeSockets sockets, Func<bool> hasIpv6, TimeProvider time, WebTimes times)
{
    public const string TestName = "web";
    public const string TestVersion = "1";

    const int MostAddresses = 8;

    /// <summary>An http or https URL; a bare host name stands for its https page.</summary>
    public static bool TryReadInput(string input, [NotNullWhen(true)] out Uri? url)
    {
        var text = input.Contains("://", StringComparison.Ordinal) ? input : $"https://{input}/";
        return Uri.TryCreate(text, UriKind.Absolute, out url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url is { IdnHost.Length: > 0, UserInfo.Length: 0, Port: 80 or 443 };
    }

    /// <summary>Ends within the whole's deadline and the DNS listening window after it.</summary>
    /// <exception cref="FormatException">The input is no URL that could be measured.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; there is no measurement then.</exception>
    public async Task<Observed> RunAsync(string input, WebPlan plan, Scrubber scrubber, CancellationToken cancellationToken)
    {
        if (!TryReadInput(input, out var url))
            throw new FormatException("Not an http or https URL on port 80 or 443.");
        var trace = new Trace(new ProbeClock(time));
        using var whole = new Deadline(time, times.Whole, cancellationToken);
        IReadOnlyList<IPEndPoint> due = [];
        try
        {
            await FollowAsync(url, plan, text => scrubber.Text(text, trace.Answers()), trace, whole.Token);
            if (ThrottleComparison.Due(plan, trace) is { } slow)
                await throttle.RunAsync(slow, plan, trace, whole.Token);
            due = comparison.Due(url, plan, trace);
            if (due.Count > 0 && comparison.FitsInto(due, times.Whole - TimeSpan.FromMicroseconds(trace.Clock.Now)))
            {
                await comparison.RunAsync(url, plan, due, trace, whole.Token);
                due = [];
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            trace.Limit("deadline");
        }
        var (facts, certificates) = await trace.FinishAsync();
        var suspicion = localisation.Due(url, plan, trace);
        cancellationToken.ThrowIfCancellationRequested();
        (facts.Input, facts.TestName, facts.TestVersion) = (input, TestName, TestVersion);
        facts.DurationUs = trace.Clock.Now;
        return new Observed(facts, certificates, due.Count == 0 && suspicion is null ? null : LaterAsync);

        async Task<Observed> LaterAsync(CancellationToken stop)
        {
            await comparison.RunAsync(url, plan, due, trace, stop);
            if (suspicion is not null)
                await localisation.RunAsync(suspicion, plan, trace, stop);
            (facts, certificates) = await trace.FinishAsync();
            return new Observed(facts, certificates);
        }
    }

    async Task FollowAsync(Uri input, WebPlan plan, Func<string, string> scrub, Trace trace, CancellationToken cancellationToken)
    {
        var rule = new RedirectRule(plan.Consented);
        var hosts = new Dictionary<string, IReadOnlyList<FoundAddress>>(StringComparer.Ordinal);
        var kept = input.AbsoluteUri;
        lookup.AskNonResolver(input.IdnHost, plan, trace, cancellationToken);
        if (input.Scheme == Uri.UriSchemeHttps)
            lookup.AskServiceRecord(input.IdnHost, plan, trace, cancellationToken);
        for (Uri? next = input; next is { } url;)
        {
            if (!hosts.TryGetValue(url.IdnHost, out var found))
                hosts[url.IdnHost] = found = Merge(await lookup.FindAsync(url.IdnHost, plan, trace, cancellationToken), url == input ? plan.Addresses : []);
            var ways = await OpenAsync(url, found, trace, cancellationToken);
            (next, kept) = await FetchAsync(input, url, kept, ways, plan, rule, scrub, trace, cancellationToken);
            if (url == input)
                await quic.RunAsync(url, Usable(url, found, trace), trace, cancellationToken);
        }
    }

    static List<FoundAddress> Merge(IReadOnlyList<FoundAddress> found, IReadOnlyList<IPAddress> given) =>
        [.. found, .. given.Where(address => found.All(one => !one.Address.Equals(address))).Select(address => new FoundAddress(address, FromSystem: false))];

    List<FoundAddress> Usable(Uri url, IReadOnlyList<FoundAddress> found, Trace trace)
    {
        var usable = found.Where(one => sockets.Allows(new IPEndPoint(one.Address, url.Port), PeerKind.Target)).ToList();
        if (usable.RemoveAll(one => one.Address.AddressFamily == AddressFamily.InterNetworkV6 && !hasIpv6()) > 0)
            trace.Limit("ipv6:none");
        if (usable.Count > MostAddresses)
            trace.Limit("addresses:capped");
        return [.. usable.Take(MostAddresses)];
    }

    async Task<List<OpenWay>> OpenAsync(Uri url, IReadOnlyList<FoundAddress> found, Trace trace, CancellationToken cancellationToken)
    {
        var tries = Usable(url, found, trace).Select(one => endpoints.TryAsync(url, one, trace, cancellationToken)).ToList();
        await Task.WhenAll(tries).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var ways = new List<OpenWay>();
        foreach (var one in tries.Where(one => one.IsCompletedSuccessfully))
        {
            if (await one is { } way)
                ways.Add(way);
        }
        return ways;
    }

    // The page is fetched once, over the first way that is open. Where that fails or looks put in, an address that only
    // other resolvers know gets a chance: it tells a lie of the resolver from the site's own state.
    async Task<(Uri? Next, string Kept)> FetchAsync(
        Uri input, Uri url, string kept, List<OpenWay> ways, WebPlan plan, RedirectRule rule, Func<string, string> scrub, Trace trace,
        CancellationToken cancellationToken)
    {
        (Uri?, string) next = (null, "");
        try
        {
            foreach (var way in Candidates(ways))
            {
                var result = await http.GetAsync(
                    way.Stream, url, way.Peer, plan.Fingerprints, scrub, headOnly: false, trace.Clock, cancellationToken);
                var exchange = result.Observation;
                exchange.Url = kept;
                if (EndpointTry.IsInterference(exchange.Failure))
                    endpoints.Note(way.Peer);
                if (result.Redirect is { } target)
                {
                    exchange.Location = scrub(RedirectRule.Keep(target, plan.Listed(target.AbsoluteUri)));
                    exchange.NotFollowed = rule.Judge(input, url, target, exchange.Fingerprints.Count > 0);
                    next = exchange.NotFollowed.Length == 0 ? (target, exchange.Location) : next;
                }
                trace.Add(exchange);
                if (exchange is { Failure: "", Status: < 400, Fingerprints.Count: 0 })
                    break;
            }
        }
        finally
        {
            foreach (var way in ways)
                await way.Stream.DisposeAsync();
        }
        return next;
    }

    static IEnumerable<OpenWay> Candidates(List<OpenWay> ways)
    {
        if (ways.Count == 0)
            yield break;
        yield return ways[0];
        if (ways[0].FromSystem && ways.Find(way => !way.FromSystem) is { } other)
            yield return other;
    }
}
