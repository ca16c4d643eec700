using System.Net;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>Where references and words come from.</summary>
/// <param name="References">Innocuous, popular inputs.</param>
/// <param name="Words">Parts of word-like names.</param>
sealed record CheckPlan(IReadOnlyList<string> References, IReadOnlyList<string> Words);

/// <summary>
/// Tries innocuous inputs and a name that does not exist, so that a broken line is not taken for blocking. One check
/// serves every measurement of the next ten minutes on the same network.
/// </summary>
sealed class NetworkChecks(
    Lookup lookup, DnsProbe dns, EndpointTry endpoints, HttpProbe http, ProbeSockets sockets, Func<bool> hasIpv6, TimeProvider time,
    Random random) : IDisposable
{
    const int PerRun = 3;

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Whole = TimeSpan.FromSeconds(25);
    static readonly string[] Endings = ["com", "net", "org"];
    static readonly NamedResolver SystemResolver = new(ResolverNames.System, ResolverAddress.System);

    readonly SemaphoreSlim _one = new(1);
    (NetworkCheck Check, long At, object Network)? _last;

    /// <param name="network">What tells one network from another; another one asks for a new check.</param>
    public async Task<NetworkCheck> GetAsync(CheckPlan plan, object network, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && last.Network.Equals(network) && time.GetElapsedTime(last.At) < Lifetime)
                return last.Check;
            var check = await CheckAsync(plan, cancellationToken);
            _last = (check, time.GetTimestamp(), network);
            return check;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    async Task<NetworkCheck> CheckAsync(CheckPlan plan, CancellationToken cancellationToken)
    {
        using var whole = new Deadline(time, Whole, cancellationToken);
        var clock = new ProbeClock(time);
        string[] drawn = [.. plan.References];
        random.Shuffle(drawn);
        var references = drawn.Take(PerRun).Select(input => TryAsync(input, whole.Token)).ToList();
        var check = new NetworkCheck { Ipv6 = hasIpv6() };
        if (plan.Words.Count > 0)
        {
            var question = new DnsQuestion(ResolverNames.System, Nonexistent(plan.Words), "A");
            var pending = dns.Ask(ResolverAddress.System, question, clock, whole.Token);
            await pending.Complete;
            check.Nonexistent = pending.Query;
        }
        foreach (var reference in await Task.WhenAll(references))
            check.References.Add(reference);
        cancellationToken.ThrowIfCancellationRequested();
        return check;
    }

    // Three words in a row are registered by nobody, and look like a name all the same.
    string Nonexistent(IReadOnlyList<string> words) =>
        string.Concat(Enumerable.Range(0, 3).Select(_ => words[random.Next(words.Count)])) + '.' + Endings[random.Next(Endings.Length)];

    async Task<Reference> TryAsync(string input, CancellationToken cancellationToken)
    {
        var clock = new ProbeClock(time);
        var reference = new Reference { Input = input };
        try
        {
            (reference.Layer, reference.Failure) = WebMeasurement.TryReadInput(input, out var url)
                ? await StepsAsync(url, new Trace(clock), cancellationToken)
                : ("dns", FailureCodes.HttpNoHostInUrl);
        }
        catch (OperationCanceledException)
        {
            (reference.Layer, reference.Failure) = ("dns", FailureCodes.GenericTimeout);
        }
        reference.DurationUs = clock.Now;
        return reference;
    }

    async Task<(string Layer, string Failure)> StepsAsync(Uri url, Trace trace, CancellationToken cancellationToken)
    {
        var found = await lookup.FindAsync(url.IdnHost, new WebPlan { Resolvers = [SystemResolver] }, trace, cancellationToken);
        var usable = found.Where(one => sockets.Allows(new IPEndPoint(one.Address, url.Port), PeerKind.Target)).Take(2).ToList();
        if (usable.Count == 0)
            return ("dns", found.Count > 0 ? FailureCodes.DnsBogon : trace.DnsFailure());
        foreach (var one in usable)
        {
            if (await endpoints.TryAsync(url, one, trace, cancellationToken) is not { } way)
                continue;
            var result = await http.GetAsync(
                way.Stream, url, way.Peer, Fingerprints.None, text => text, headOnly: true, trace.Clock, cancellationToken);
            return (result.Observation.Failure.Length == 0 ? "" : "http", result.Observation.Failure);
        }
        return trace.ConnectFailure();
    }
}
