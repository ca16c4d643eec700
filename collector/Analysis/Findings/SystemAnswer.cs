using System.Net;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

enum AnswerKind
{
    /// <summary>An address that is really the name's.</summary>
    True,

    /// <summary>An error or nothing.</summary>
    Denied,

    /// <summary>The address that the resolver invents for any name that does not exist.</summary>
    RewrittenDenial,
    Silent,
    Bogon,

    /// <summary>The certificate there is not for the name.</summary>
    WrongCertificate,

    /// <summary>A known blockpage's address, or nothing of the target is served there.</summary>
    Wrong,

    /// <summary>Unknown to controls, and nothing speaks for or against it.</summary>
    Unmatched,
}

/// <summary>What the system's resolver said of one name.</summary>
/// <param name="Failure">The decisive failure; empty when there are addresses.</param>
/// <param name="OutsidePlain">Questions in clear to resolvers that are not the system's.</param>
/// <param name="OutsideTold">One of those gave a true address.</param>
sealed record SystemAnswer(
    string Host,
    AnswerKind Kind,
    string Failure,
    IReadOnlyList<IPAddress> Addresses,
    IReadOnlyList<DnsObservation> OutsidePlain,
    bool OutsideTold,
    bool NonResolverReplied)
{
    /// <summary>Null when the system's resolver was not asked for the name.</summary>
    public static SystemAnswer? Of(Comparison comparison, string host)
    {
        var queries = comparison.Queries(host).ToArray();
        var system = queries.Where(q => q.Engine == DnsEngines.System).ToArray();
        if (system.Length == 0)
            return null;
        // Many names have no AAAA and no HTTPS record: that none came says nothing of what was answered for A.
        var outside = queries.Where(q => q.Engine is DnsEngines.Udp or DnsEngines.Tcp && q.Resolver != ResolverNames.NonResolver
            && (q.QueryType == "A" || q.Addresses.Count > 0)).ToArray();
        var told = outside.Any(q => q.Addresses.Any(a => comparison.IsTrue(host, a)));
        var nonResolver = queries.Any(q => q.Resolver == ResolverNames.NonResolver && q.Replies.Count > 0);
        var addresses = system.SelectMany(q => q.Addresses).Distinct().ToArray();
        if (addresses.Length > 0)
            return new(host, KindOf(comparison, host, addresses), "", addresses, outside, told, nonResolver);
        // Many names have no AAAA: only where A was not asked does its absence say anything.
        var asked = system.Where(q => q.QueryType == "A").ToArray();
        var failure = Attempts.Decisive(asked.Length > 0 ? asked : system, q => q.Failure, q => q.Attempt).Failure;
        if (failure.Length == 0)
            failure = FailureCodes.DnsNoAnswer;
        return new(host, Attempts.IsSilence(failure) ? AnswerKind.Silent : AnswerKind.Denied, failure, [], outside, told, nonResolver);
    }

    /// <summary>The other question got the same falsehood.</summary>
    public bool SameAs(DnsObservation other) => Addresses.Count > 0
        ? other.Addresses.Count > 0 && other.Addresses.Intersect(Addresses).Any()
        : other.Addresses.Count == 0 && other.Failure == Failure && !Attempts.IsSilence(Failure);

    static AnswerKind KindOf(Comparison comparison, string host, IPAddress[] addresses)
    {
        if (addresses.Any(a => comparison.IsTrue(host, a) && !Bogon.Is(a)))
            return AnswerKind.True;
        if (comparison.Seen.Nonexistent is { Addresses.Count: > 0 } rewrite && addresses.All(rewrite.Addresses.Contains))
            return AnswerKind.RewrittenDenial;
        if (addresses.All(Bogon.Is))
            return AnswerKind.Bogon;
        if (addresses.Any(a => comparison.Context.Fingerprints.OfAnswer(a, comparison.Context.Cc) is not null))
            return AnswerKind.Wrong;
        var handshakes = comparison.Seen.Tls
            .Where(h => h.Arm == ComparisonArms.None && h.ServerName == host && addresses.Contains(h.Endpoint.Address)).ToArray();
        if (handshakes.Any(h => h.Failure.StartsWith("ssl_", StringComparison.Ordinal) && h.Chain.Count > 0
            && !comparison.Control.Presented(host, h.Chain[0])))
            return AnswerKind.WrongCertificate;
        var exchanges = comparison.Seen.Http.Where(e => HostName.Of(e.Url) == host && addresses.Contains(e.Endpoint.Address)).ToArray();
        if (exchanges.Any(e => e.Failure.Length == 0))
            return exchanges.Any(e => e.Failure.Length == 0 && PageComparison.Of(e, comparison.Control) == PageLikeness.Different)
                || exchanges.Any(e => comparison.Context.Fingerprints.OfExchange(e, comparison.Context.Cc) is not null)
                ? AnswerKind.Wrong : AnswerKind.Unmatched;
        var tried = comparison.Seen.Tcp.Where(c => addresses.Contains(c.Endpoint.Address)).ToArray();
        var failed = tried.Length > 0 && (tried.All(c => c.Failure.Length > 0) || handshakes.Length > 0 || exchanges.Length > 0);
        // An outside resolver that gives the same address makes a network of many addresses likelier than a lie.
        return failed && !addresses.Any(a => comparison.OutsideAnswered(host, a)) ? AnswerKind.Wrong
            : failed && comparison.Control.Dns(host) == ControlVerdict.Works && AllOutsideAgree(comparison, host, addresses) ? AnswerKind.Wrong
            : AnswerKind.Unmatched;
    }

    // ... unless one that is asked inside TLS gives only others: then the path lies to all who ask in clear.
    static bool AllOutsideAgree(Comparison comparison, string host, IPAddress[] addresses) =>
        comparison.Queries(host).Any(q => q.Engine is DnsEngines.Https or DnsEngines.Tls && q.Addresses.Count > 0 && !q.Addresses.Intersect(addresses).Any());
}
