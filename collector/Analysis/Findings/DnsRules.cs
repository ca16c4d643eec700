using System.Net;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>The system's resolver against controls and outside resolvers, for each name of the measurement.</summary>
sealed class DnsRules(Comparison comparison, Firings firings)
{
    public void Apply()
    {
        if (comparison.Seen.Nonexistent is { Addresses.Count: > 0 })
            firings.Fire(Rules.DnsRewrite, Mechanisms.DnsRewrite, Vias.Resolver);
        foreach (var host in comparison.Hosts)
        {
            Race(host);
            NonResolver(host);
            if (SystemAnswer.Of(comparison, host) is { } answer)
            {
                Judge(answer);
                Diverted(answer);
            }
            DohBlocked(host);
        }
    }

    void Race(string host)
    {
        foreach (var query in comparison.Queries(host).Where(q => q.Replies.Count > 1 && q.QueryType != "HTTPS"))
        {
            var truth = query.Replies.Any(r => r.Addresses.Any(a => comparison.IsTrue(host, a)));
            var lie = query.Replies.FirstOrDefault(r => (r.Addresses.Count > 0 || r.Rcode == NameErrorRcode) && !r.Addresses.Any(a => comparison.IsTrue(host, a)));
            // A forwarder at home may pass on what two resolvers said; a name with many addresses is then answered twice.
            if (truth && lie is not null && query.Engine == DnsEngines.System && lie.Addresses.Count > 0 && !lie.Addresses.All(Bogon.Is)
                && comparison.Seen.Network.DnsPath != NetworkStates.None)
                continue;
            if (truth && lie is not null && !query.Replies.Any(r => r.Addresses.Intersect(lie.Addresses).Any(a => comparison.IsTrue(host, a))))
                firings.Fire(Rules.DnsRace, Mechanisms.DnsInjectionRace, Vias.Path, Artefacts.Injected, AddressToken(lie.Addresses));
        }
    }

    void NonResolver(string host)
    {
        foreach (var query in comparison.Queries(host).Where(q => q.Resolver == ResolverNames.NonResolver && q.Replies.Count > 0))
            if (query.Addresses.Any(a => comparison.IsTrue(host, a)) || Proxied(query))
                firings.Fire(Rules.DnsProxied, Mechanisms.DnsHijack, Vias.Path);
            else if (comparison.Control.Dns(host) == ControlVerdict.Works)
                firings.Fire(Rules.DnsNonResolver, Mechanisms.DnsInjection, Vias.Path, Artefacts.Injected, AddressToken(query.Addresses));
    }

    // Where even a reference is answered from there, port 53 is taken whatever the name: an address that no control knows is
    // then no more a lie than from the volunteer's own resolver.
    bool Proxied(DnsObservation query) => comparison.Seen.Network.DnsPath == NetworkStates.Intercepted
        && query.Addresses.Count > 0 && !query.Addresses.All(Bogon.Is)
        && query.Addresses.All(a => comparison.Context.Fingerprints.OfAnswer(a, comparison.Context.Cc) is null);

    void Judge(SystemAnswer answer)
    {
        switch (answer.Kind)
        {
            case AnswerKind.True:
                return;
            case AnswerKind.Denied or AnswerKind.Silent or AnswerKind.RewrittenDenial:
                Denied(answer);
                return;
            default:
                False(answer);
                return;
        }
    }

    void Denied(SystemAnswer answer)
    {
        var control = comparison.Control.Dns(answer.Host);
        if (control == ControlVerdict.Fails)
        {
            firings.Fire(Rules.DnsControlFails);
            return;
        }
        var mechanism = Mechanism(answer);
        var contradicted = Contradicted(answer);
        if (control == ControlVerdict.None && !contradicted && comparison.IsReachedHop(answer.Host))
        {
            firings.Fire(Rules.DnsHopDenied, mechanism, Via(answer));
            return;
        }
        if (control == ControlVerdict.None && !contradicted)
        {
            firings.Fire(Rules.DnsNoControl);
            return;
        }
        var via = Via(answer);
        if (control == ControlVerdict.Works)
        {
            if (answer.Kind == AnswerKind.Silent)
                firings.Fire(Rules.DnsSilent, mechanism, via);
            else if (answer.Kind == AnswerKind.RewrittenDenial)
                firings.Fire(Rules.DnsRewrittenDenial, mechanism, via);
            else
                firings.Fire(Rules.DnsDenied, mechanism, via, weight: answer.Failure == FailureCodes.DnsServfail ? 2 : null);
            Hijack(answer);
        }
        if (contradicted)
            firings.Fire(Rules.DnsContradiction, mechanism, via, Artefacts.ResolverContradiction);
    }

    void False(SystemAnswer answer)
    {
        var control = comparison.Control.Dns(answer.Host);
        var via = Via(answer);
        var token = AddressToken(answer.Addresses);
        if (Fingerprinted(answer) is { } known)
            firings.Fire(Rules.DnsBlockpageAddress, Mechanisms.DnsInjectionBlockpage, via, Artefacts.Blockpage, $"fingerprint:{known}");
        if (LeadsToBlockpage(answer) is { } page)
            firings.Fire(Rules.DnsLeadsToBlockpage, Mechanisms.DnsInjectionBlockpage, via, Artefacts.Blockpage, $"fingerprint:{page}");
        if (answer.Kind == AnswerKind.Bogon)
        {
            if (comparison.Control.AnsweredBogon(answer.Host) && control != ControlVerdict.Works)
                firings.Fire(Rules.DnsBogonEverywhere);
            else if (control == ControlVerdict.Works)
                firings.Fire(Rules.DnsBogon, Mechanisms.DnsInjectionBogon, via, Artefacts.Bogon, token);
            else if (!Contradicted(answer))
                firings.Fire(Rules.DnsNoControl);
        }
        else if (control == ControlVerdict.Works)
            Wrong(answer, via, token);
        else if (control == ControlVerdict.Fails && IsGhost(answer))
            firings.Fire(Rules.DnsGhost, Mechanisms.DnsInjection, via, token: token);
        else if (!Contradicted(answer))
            firings.Fire(Rules.DnsUnmatched);
        if (control == ControlVerdict.Works && answer.Kind != AnswerKind.Unmatched)
            Hijack(answer);
        if (answer.Kind != AnswerKind.Unmatched && Contradicted(answer))
            firings.Fire(Rules.DnsContradiction, Mechanisms.DnsInjection, via, Artefacts.ResolverContradiction, token);
    }

    void Wrong(SystemAnswer answer, string via, string? token)
    {
        if (answer.Kind == AnswerKind.Unmatched)
        {
            if (IsKnownSink(answer))
                firings.Fire(Rules.DnsSink, Mechanisms.DnsInjectionSink, via, Artefacts.Sink, token);
            else
                firings.Fire(Rules.DnsUnmatched);
            return;
        }
        foreach (var address in answer.Addresses)
            firings.Stray(Marks.Address(address));
        if (answer.Addresses.Any(a => comparison.Context.SharedMarks.Contains(Marks.Address(a))))
            firings.Fire(Rules.DnsSink, Mechanisms.DnsInjectionSink, via, Artefacts.Sink, token);
        firings.Fire(answer.Kind == AnswerKind.WrongCertificate ? Rules.DnsWrongCertificate : Rules.DnsWrongAnswer,
            Mechanisms.DnsInjection, via, token: token);
    }

    // Nobody knocked, out of respect for a device that may still be angry; others' names have shown what stands there.
    bool IsKnownSink(SystemAnswer answer) => !comparison.Seen.Tcp.Any(c => answer.Addresses.Contains(c.Endpoint.Address))
        && answer.Addresses.All(a => comparison.Context.SharedMarks.Contains(Marks.Address(a)) && !comparison.OutsideAnswered(answer.Host, a));

    /// <summary>A transparent proxy: whoever is asked in clear, the same falsehood comes back, once.</summary>
    void Hijack(SystemAnswer answer)
    {
        // A name whose own servers are broken looks alike at every resolver, except as NXDOMAIN or another's address.
        if (answer.Kind == AnswerKind.Silent || (answer.Kind == AnswerKind.Denied && answer.Failure != FailureCodes.DnsNxdomain))
            return;
        var outside = answer.OutsidePlain.Where(q => comparison.Control.Dns(q) != ControlVerdict.Fails).ToArray();
        if (outside.Length > 0 && outside.All(answer.SameAs) && outside.All(q => q.Replies.Count <= 1))
            firings.Fire(Rules.DnsHijack, Mechanisms.DnsHijack, Vias.Path, Artefacts.Injected, AddressToken(answer.Addresses));
    }

    // The name does not exist for anybody else, yet here it has an address, while names that do not exist have none.
    bool IsGhost(SystemAnswer answer) =>
        comparison.Seen.Nonexistent is { Failure: FailureCodes.DnsNxdomain, Addresses.Count: 0 }
        && comparison.Queries(answer.Host).Any(q => q.Engine is DnsEngines.Https or DnsEngines.Tls && q.Failure == FailureCodes.DnsNxdomain);

    /// <summary>
    /// Whoever is asked in clear gives one address, whoever is asked inside TLS only others, and so do controls: the site is
    /// served there all the same, by something that stands between.
    /// </summary>
    void Diverted(SystemAnswer answer)
    {
        if (answer.Kind != AnswerKind.True || answer.Addresses.Count == 0 || answer.Addresses.Any(a => comparison.Control.Answered(answer.Host, a)))
            return;
        var hidden = comparison.Queries(answer.Host).Where(q => q.Engine is DnsEngines.Https or DnsEngines.Tls && q.Addresses.Count > 0).ToArray();
        if (hidden.Length > 0 && !hidden.Any(q => q.Addresses.Intersect(answer.Addresses).Any())
            && hidden.All(q => q.Addresses.Any(a => comparison.Control.Answered(answer.Host, a)))
            && answer.OutsidePlain.Any(q => q.Addresses.Count > 0) && answer.OutsidePlain.All(answer.SameAs))
            firings.Fire(Rules.DnsDiverted, Mechanisms.DnsHijack, Vias.Path, token: AddressToken(answer.Addresses));
    }

    bool Contradicted(SystemAnswer answer) =>
        answer.Kind is not (AnswerKind.Silent or AnswerKind.True)
        && comparison.Seen.Nonexistent is { Failure: FailureCodes.DnsNxdomain, Addresses.Count: 0 }
        && comparison.Queries(answer.Host).Any(q => q.Engine != DnsEngines.System && q.Resolver != ResolverNames.NonResolver
            && q.Addresses.Any(a => comparison.HoldsCertificate(answer.Host, a)));

    static string Via(SystemAnswer answer)
    {
        if (answer.NonResolverReplied || answer.OutsidePlain.Any(answer.SameAs))
            return Vias.Path;
        return answer.OutsideTold ? Vias.Resolver : Vias.Unknown;
    }

    static string Mechanism(SystemAnswer answer) => answer.Kind == AnswerKind.RewrittenDenial ? Mechanisms.DnsNxdomain : answer.Failure switch
    {
        FailureCodes.DnsNxdomain => Mechanisms.DnsNxdomain,
        FailureCodes.DnsRefused => Mechanisms.DnsRefused,
        FailureCodes.DnsServfail or FailureCodes.DnsTemporary => Mechanisms.DnsServfail,
        FailureCodes.DnsNoAnswer => Mechanisms.DnsEmpty,
        FailureCodes.GenericTimeout or FailureCodes.TimedOut => Mechanisms.DnsTimeout,
        _ => Layers.Dns,
    };

    // A private address is many a blockpage's and many a home's: that it cannot be public is what speaks against it.
    string? Fingerprinted(SystemAnswer answer) => answer.Addresses.Where(a => !Bogon.Is(a))
        .Select(a => comparison.Context.Fingerprints.OfAnswer(a, comparison.Context.Cc)?.Name).FirstOrDefault(n => n is not null);

    string? LeadsToBlockpage(SystemAnswer answer) => comparison.Seen.Http
        .Where(e => answer.Addresses.Contains(e.Endpoint.Address) && HostName.Of(e.Url) == answer.Host)
        .Select(e => comparison.Context.Fingerprints.OfExchange(e, comparison.Context.Cc)?.Name).FirstOrDefault(n => n is not null);

    void DohBlocked(string host)
    {
        foreach (var query in comparison.Queries(host).Where(q => q.Engine == DnsEngines.Https && IsUnreached(q.Failure)))
            if (comparison.Queries(host).Any(q => q.Engine != DnsEngines.Https && q.Addresses.Count > 0)
                && comparison.Control.Dns(query) == ControlVerdict.Works
                && !comparison.Queries(host).Any(q => q.Engine == query.Engine && q.Resolver == query.Resolver && q.Addresses.Count > 0))
                firings.Fire(Rules.DohBlocked, Mechanisms.DnsDohBlocked, Vias.Path);
    }

    static bool IsUnreached(string failure) => failure is FailureCodes.GenericTimeout or FailureCodes.TimedOut or FailureCodes.ConnectionReset
        or FailureCodes.ConnectionRefused or FailureCodes.EofError or FailureCodes.HostUnreachable or FailureCodes.NetworkUnreachable
        || failure.StartsWith("ssl_", StringComparison.Ordinal);

    static string? AddressToken(IReadOnlyList<IPAddress> addresses) =>
        addresses.Count == 0 ? null : Marks.Address(addresses.MinBy(a => a.ToString(), StringComparer.Ordinal)!);

    const uint NameErrorRcode = 3;
}
