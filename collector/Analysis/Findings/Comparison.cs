using System.Net;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>What the judging of one country's day knows besides the measurement and its controls.</summary>
/// <param name="SharedMarks">Wrong answers and pages that names of two owners or more have in common that day in the country.</param>
/// <param name="Certificates">Certificates by hash in lower-case hexadecimal, as far as they are kept.</param>
sealed record JudgingContext(
    string Cc,
    FingerprintSet Fingerprints,
    IReadOnlySet<string> SharedMarks,
    IReadOnlyDictionary<string, CertificateFacts> Certificates)
{
    /// <summary>False for measurements of others, which try no references: a failure there is weighed without them.</summary>
    public bool WantsReferences { get; init; } = true;

    public static JudgingContext For(string cc) =>
        new(cc, FingerprintSet.Empty, new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, CertificateFacts>(StringComparer.Ordinal));
}

/// <summary>One measurement beside its controls, with what several rules ask of it.</summary>
sealed class Comparison
{
    readonly ILookup<string, DnsObservation> _queries;
    readonly HashSet<(string Host, IPAddress Address)> _proven;
    readonly HashSet<(string Host, IPAddress Address)> _served;

    public Comparison(Observation seen, ControlView control, JudgingContext context)
    {
        Seen = seen;
        Control = control;
        Context = context;
        Host = HostName.Of(seen.Input);
        _queries = seen.Dns.ToLookup(q => q.Hostname, StringComparer.Ordinal);
        _proven = [.. seen.Tls.Where(h => h.Failure.Length == 0).Select(h => (h.ServerName, h.Endpoint.Address))];
        _served = [.. seen.Http.Where(e => PageComparison.IsTheirs(e, control)).Select(e => (HostName.Of(e.Url), e.Endpoint.Address))];
        // Where the system's resolver led to an answer, that is the page a person sees; others only tell what it should be.
        Page = PageReached.By([.. seen.Http.Where(e => FromSystem(e) || !seen.Http.Any(o => o.Url == e.Url && o.Failure.Length == 0 && FromSystem(o)))]);
    }

    public Observation Seen { get; }

    public ControlView Control { get; }

    public JudgingContext Context { get; }

    /// <summary>Host of the input.</summary>
    public string Host { get; }

    /// <summary>The answer that ended the chain of redirects; null when it was not reached.</summary>
    public HttpObservation? Page { get; }

    /// <summary>The input's host first, then those that redirects led to.</summary>
    public IEnumerable<string> Hosts => _queries.Select(q => q.Key).Where(h => h != Host).Prepend(Host);

    public IEnumerable<DnsObservation> Queries(string host) => _queries[host];

    /// <summary>A redirect led to the host, controls were sent there too and reach the page: what fails there fails here alone.</summary>
    public bool IsReachedHop(string host) => host != Host && Control.SentTo(host) && Control.Page == ControlVerdict.Works;

    /// <summary>Addresses that the system's resolver gave for the name.</summary>
    public IReadOnlyList<IPAddress> SystemAnswers(string host) =>
        [.. _queries[host].Where(q => q.Engine == DnsEngines.System).SelectMany(q => q.Addresses).Distinct()];

    bool FromSystem(HttpObservation exchange) => SystemAnswers(HostName.Of(exchange.Url)).Contains(exchange.Endpoint.Address);

    /// <summary>
    /// A valid certificate for the name was seen at the address, here or at a control; or controls got it as an answer; or the
    /// very page that controls have came from there.
    /// </summary>
    public bool IsTrue(string host, IPAddress address) =>
        ProvenHere(host, address) || Control.Proven(host, address) || Control.Answered(host, address) || _served.Contains((host, address));

    public bool HoldsCertificate(string host, IPAddress address) => ProvenHere(host, address) || Control.Proven(host, address);

    public bool ProvenHere(string host, IPAddress address) => _proven.Contains((host, address));

    /// <summary>Resolvers outside the volunteer's own choice that gave the address: their engines.</summary>
    public bool OutsideAnswered(string host, IPAddress address) => _queries[host].Any(q =>
        q.Engine != DnsEngines.System && q.Resolver != ResolverNames.NonResolver && q.Addresses.Contains(address));

    /// <summary>
    /// Failures at an address count only where the address is really the target's; a false answer's own failures
    /// are the resolver's doing and belong to the layer above.
    /// </summary>
    public AddressTrust Trust(string host, IPAddress address)
    {
        if (!_queries[host].Any() || IsTrue(host, address))
            return AddressTrust.True;
        // Answers inside TLS cannot be falsified on the way; two resolvers that agree are the next best.
        var asked = _queries[host].Where(q => q.Resolver != ResolverNames.NonResolver && q.Addresses.Contains(address)).ToArray();
        var agreed = asked.Any(q => q.Engine is DnsEngines.Https or DnsEngines.Tls)
            || (asked.Select(q => (q.Engine, q.Resolver)).Distinct().Count() > 1 && Control.Dns(host) != ControlVerdict.Works);
        return agreed && !Bogon.Is(address) ? AddressTrust.Agreed : AddressTrust.None;
    }

    /// <summary>IPv6 of a line that has none says nothing.</summary>
    public bool IsMasked(IPAddress address, string failure) => address.GetAddressBytes().Length == 16
        && (!Seen.HasIpv6 || Seen.Network.Ipv6 == NetworkStates.Broken || failure is FailureCodes.NetworkUnreachable or FailureCodes.HostUnreachable
            or FailureCodes.AddressFamilyNotSupported or FailureCodes.NetworkDown);

    /// <summary>The name that a connection to the address was for.</summary>
    public string HostOf(IPAddress address)
    {
        foreach (var handshake in Seen.Tls)
            if (handshake.Arm == ComparisonArms.None && handshake.Endpoint.Address.Equals(address))
                return handshake.ServerName;
        foreach (var exchange in Seen.Http)
            if (exchange.Endpoint.Address.Equals(address))
                return HostName.Of(exchange.Url);
        foreach (var host in _queries)
            if (host.Any(q => q.Addresses.Contains(address)))
                return host.Key;
        return Host;
    }
}

enum AddressTrust
{
    None,
    Agreed,
    True,
}
