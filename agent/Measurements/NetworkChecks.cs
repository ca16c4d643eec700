using System.Net;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>Where references and words come from.</summary>
/// <param name="References">Innocuous, popular inputs.</param>
/// <param name="Words">Parts of word-like names.</param>
sealed record CheckPlan(IReadOnlyList<string> References, IReadOnlyList<string> Words)
{
    /// <summary>An address that runs no resolver.</summary>
    public IPAddress? NonResolver { get; init; }

    /// <summary>Names that are answered with the address that asks.</summary>
    public IReadOnlyList<string> WhoAmI { get; init; } = [];

    /// <summary>The network of an address; 0 where it is not known.</summary>
    public Func<IPAddress, uint> AsnOf { get; init; } = _ => 0;
}

/// <summary>
/// Tries innocuous inputs and a name that does not exist, so that a broken line is not taken for blocking. One check
/// serves every measurement of the next ten minutes on the same network.
/// </summary>
sealed class NetworkChecks(
    DnsProbe dns, ReferenceTry references, ProbeSockets sockets, Func<bool> hasIpv6, Func<bool> inTunnel, TimeProvider time, Random random)
    : IDisposable
{
    const int PerRun = 3;

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Whole = TimeSpan.FromSeconds(25);
    static readonly string[] Endings = ["com", "net", "org"];

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
        drawn = [.. drawn.Take(PerRun)];
        var tried = drawn.Select(input => references.RunAsync(input, whole.Token)).ToList();
        var check = new NetworkCheck { Ipv6 = hasIpv6(), Tunnel = inTunnel() };
        var nonexistent = plan.Words.Count > 0 ? Ask(Nonexistent(plan.Words)) : null;
        var whoAmI = plan.WhoAmI.Count > 0 ? Ask(plan.WhoAmI[random.Next(plan.WhoAmI.Count)]) : null;
        var intercepted = InterceptedAsync(plan, drawn, clock, whole.Token);
        var sights = await Task.WhenAll(tried);
        check.References.AddRange(sights.Select(one => one.Reference));
        Preflight.Conclude(check, sights);
        check.DnsPath = await intercepted;
        if (nonexistent is not null)
        {
            await nonexistent.Complete;
            check.Nonexistent = nonexistent.Query;
        }
        if (whoAmI is not null)
        {
            await whoAmI.Complete;
            // What asked on this machine's behalf becomes a network's number here and is kept nowhere.
            check.ResolverAsn = Trace.AddressesOf(whoAmI.Query).Select(plan.AsnOf).FirstOrDefault(asn => asn > 0);
        }
        Addresses = [.. sights.SelectMany(one => one.Addresses)];
        cancellationToken.ThrowIfCancellationRequested();
        return check;

        PendingQuery Ask(string name) => dns.Ask(ResolverAddress.System, new DnsQuestion(ResolverNames.System, name, "A"), clock, whole.Token);
    }

    /// <summary>Where references of the last check were reached: addresses of popular sites, which run no resolver.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; private set; } = [];

    // A reference's name is blocked by nobody: who answers for it from an address that runs no resolver answers for every name.
    async Task<string> InterceptedAsync(CheckPlan plan, string[] drawn, ProbeClock clock, CancellationToken cancellationToken)
    {
        var nobody = plan.NonResolver ?? (Addresses.Count > 0 ? Addresses[random.Next(Addresses.Count)] : null);
        var host = drawn.Select(input => WebMeasurement.TryReadInput(input, out var url) ? url.IdnHost : "").FirstOrDefault(DnsMessage.IsName);
        if (nobody is null || host is null || !sockets.Allows(new IPEndPoint(nobody, ProbeSockets.DnsPort), PeerKind.Resolver))
            return "";
        var address = new ResolverAddress(DnsEngines.Udp, nobody.ToString(), nobody, ProbeSockets.DnsPort, "");
        var pending = dns.Ask(address, new DnsQuestion(ResolverNames.NonResolver, host, "A"), clock, cancellationToken);
        await pending.First;
        lock (pending.Query)
            return pending.Query.Replies.Count > 0 ? NetworkStates.Intercepted : NetworkStates.None;
    }

    // Three words in a row are registered by nobody, and look like a name all the same.
    string Nonexistent(IReadOnlyList<string> words) =>
        string.Concat(Enumerable.Range(0, 3).Select(_ => words[random.Next(words.Count)])) + '.' + Endings[random.Next(Endings.Length)];
}
