using System.Net;
using ProbeNet.Lab.Middlebox;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Interference;

/// <summary>Everything a censor of the lab can do, by the name that scenario files use.</summary>
/// <param name="dice">A number from 0 to 1, for rules that do not always hit.</param>
/// <param name="sources">What a line ("alfa-1") sends from, as nftables writes it.</param>
sealed class Kinds(Func<double> dice, Func<string, IEnumerable<string>> sources)
{
    /// <param name="rule">As the scenario gives it.</param>
    /// <param name="addresses">Of the names that the rule covers.</param>
    public IInterference Of(Rule rule, IReadOnlyList<IPAddress> addresses, Lures lures) =>
        rule.Kind.Split('.')[0] switch
        {
            "dns" => Dns(rule, addresses, lures),
            "tls" => Tls(rule, addresses),
            "http" => Http(rule, addresses, lures),
            _ => Address(rule, addresses),
        };

    static IInterference Dns(Rule rule, IReadOnlyList<IPAddress> addresses, Lures lures) => rule.Kind switch
    {
        "dns.nxdomain" => new NameAnswered(rule, DnsAnswer.NoSuchName),
        "dns.servfail" => new NameAnswered(rule, DnsAnswer.ServerFailure),
        "dns.refused" => new NameAnswered(rule, DnsAnswer.Refused),
        "dns.empty" => new NameAnswered(rule, DnsAnswer.Empty),
        "dns.aaaa_only" => new NameAnswered(rule, DnsAnswer.Empty, DnsMessage.TypeA),
        "dns.timeout" => new NameAnswered(rule, DnsAnswer.Silence),
        "dns.answer" => new NameAnswered(rule, Forged(rule, lures)),
        "dns.inject" => new QuestionMet(rule, Forged(rule, lures), lets: true),
        "dns.replace" => new QuestionMet(rule, Forged(rule, lures), lets: false),
        "dns.drop" => new QuestionMet(rule, null, lets: false),
        "dns.proxy" => new QuestionMet(rule, DnsAnswer.Of(addresses), lets: false),
        _ => throw Unknown(rule),
    };

    IInterference Tls(Rule rule, IReadOnlyList<IPAddress> addresses) => rule.Kind switch
    {
        "tls.rst" => Met(rule, true, StreamAction.Reset),
        "tls.drop" => Met(rule, true, StreamAction.Silence),
        "tls.fin" => Met(rule, true, StreamAction.Close),
        "tls.alert" => Met(rule, true, StreamAction.Answer(FalseResponses.Alert)),
        "tls.mitm" => new ServerReplaced(addresses, 443, FalseServer.SelfSignedPort),
        "tls.mitm_ca" => new ServerReplaced(addresses, 443, FalseServer.SignedPort),
        _ => throw Unknown(rule),
    };

    IInterference Http(Rule rule, IReadOnlyList<IPAddress> addresses, Lures lures) => rule.Kind switch
    {
        "http.blockpage" => new NameMet(rule, false, visitor => StreamAction.Answer(PageReplaced.Response(rule.Echo ? visitor : null)), dice),
        "http.redirect" => Met(rule, false, StreamAction.Answer(FalseResponses.Redirect(lures.Blockpage.V4))),
        "http.403" => Met(rule, false, StreamAction.Answer(FalseResponses.Status("403 Forbidden"))),
        "http.451" => Met(rule, false, StreamAction.Answer(FalseResponses.Status("451 Unavailable For Legal Reasons"))),
        "http.empty" => Met(rule, false, StreamAction.Answer(FalseResponses.Empty)),
        "http.fin" => Met(rule, false, StreamAction.Close),
        "http.rst" => Met(rule, false, StreamAction.Reset),
        "http.drop" => Met(rule, false, StreamAction.Silence),
        "http.proxy" => new ServerReplaced(addresses, 80, ClearProxy.Port),
        _ => throw Unknown(rule),
    };

    IInterference Address(Rule rule, IReadOnlyList<IPAddress> addresses) => rule.Kind switch
    {
        "tcp.drop" => new AddressMet(addresses, "meta l4proto tcp drop"),
        "tcp.rst" => new AddressMet(addresses, "meta l4proto tcp reject with tcp reset"),
        "ip.unreachable" => new AddressMet(addresses, "reject with icmpx type host-unreachable"),
        "ip.prohibited" => new AddressMet(addresses, "reject with icmpx type admin-prohibited"),
        "ip.null" => new AddressMet(addresses, "drop"),
        "quic.drop" => new AddressMet(addresses, "udp dport 443 drop"),
        "quic.reset" => new AddressMet(addresses, "udp dport 443 reject with icmpx type port-unreachable"),
        "throttle.ip" => new AddressSlowed(addresses),
        "throttle.sni" => Met(rule, true, StreamAction.Slow),
        "throttle.host" => Met(rule, false, StreamAction.Slow),
        "shutdown" => new LineCut(),
        "shutdown.lines" => new LineCut(rule.Domains.SelectMany(sources)),
        _ => throw Unknown(rule),
    };

    static DnsAnswer Forged(Rule rule, Lures lures) => rule.Answer switch
    {
        null or "blockpage" => DnsAnswer.Of(lures.Blockpage.All),
        "proxy" => DnsAnswer.Of(lures.Proxy.All),
        "nxdomain" => DnsAnswer.NoSuchName,
        _ => DnsAnswer.Of(IPAddress.Parse(rule.Answer)),
    };

    NameMet Met(Rule rule, bool tls, StreamAction action) => new(rule, tls, _ => action, dice);

    static ArgumentException Unknown(Rule rule) => new($"unknown kind of interference '{rule.Kind}'", nameof(rule));
}
