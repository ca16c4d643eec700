namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>What a rule says when it fires.</summary>
enum RuleEffect
{
    /// <summary>The measurement proves nothing.</summary>
    Discards,

    /// <summary>Proof that the path interferes.</summary>
    Artefact,

    /// <summary>A failure that controls do not have.</summary>
    Anomaly,

    /// <summary>Reachable, but slowed against a reference on the same path.</summary>
    Slow,

    /// <summary>Controls fail alike.</summary>
    Down,

    /// <summary>The server turns the visitor away.</summary>
    Refused,

    /// <summary>The page is reached.</summary>
    Ok,

    /// <summary>Listed; decides nothing.</summary>
    Notes,

    /// <summary>Something failed and no control can say whether it should.</summary>
    NoControl,
}

/// <summary>One documented branch. Its identifier is a public contract: never renamed, never used again for another.</summary>
/// <param name="Weight">
/// Natural logarithm of the likelihood ratio that one firing is worth before any calibration (analysis 1.5, 1.9). It orders
/// mechanisms.
/// </param>
/// <param name="Source">Where the rule comes from.</param>
/// <param name="Example">Something that fires it.</param>
sealed record Rule(string Id, RuleEffect Effect, double Weight, string Condition, string Source, string Example);

/// <summary>Every rule there is, in the order of the cascade.</summary>
static class Rules
{
    /// <summary>Rises with every change of a rule or of how rules combine: unit days of another version are computed again.</summary>
    public const int Version = 5;

    public static readonly Rule Unreadable = new("gate.unreadable", RuleEffect.Discards, 0,
        "the bytes are no measurement of a web page", "ProbeNet",
        "a sealed row whose facts are cut off");
    public static readonly Rule NetworkDown = new("gate.network_down", RuleEffect.Discards, 0,
        "every reference failed and nothing of the measurement itself got an answer", "ProbeNet",
        "the line is dead: three references time out at DNS and so does the page");
    public static readonly Rule ReferencesFailed = new("gate.references_failed", RuleEffect.Discards, 0,
        "a reference of the run failed", "OONI Data O4; analysis 1.2",
        "two references load and one does not");
    public static readonly Rule NoReferences = new("gate.no_references", RuleEffect.Discards, 0,
        "something failed in a run without references", "ProbeNet",
        "a list without references, and the page resets");

    public static readonly Rule CaptivePortal = new("gate.captive_portal", RuleEffect.Discards, 0,
        "references in clear text lead to one and the same page of a third, or ask for a login", "RFC 6585; mission, volunteer safety 7",
        "http://a.example and http://b.example both lead to login.cafe");
    public static readonly Rule FilterProduct = new("gate.filter_product", RuleEffect.Discards, 0,
        "a reference is signed by an authority that was added to the machine", "mission, volunteer safety 7",
        "a virus scanner signs every certificate anew");
    public static readonly Rule Tunnel = new("gate.tunnel", RuleEffect.Discards, 0,
        "the default route goes through a tunnel: what was seen is the network at its other end", "mission, volunteer safety 7",
        "the default route is wg0");

    public static readonly Rule Incomplete = new("gate.incomplete", RuleEffect.Discards, 0,
        "no other rule applies: the measurement ended before it could say anything", "ProbeNet",
        "the agent was stopped after the first answer");

    public static readonly Rule DnsRace = new("dns.race", RuleEffect.Artefact, 7,
        "two replies to one question that share no address, one of them true", "Triplet Censors, FOCI 2020; analysis 1.4",
        "10.10.34.34 after 9 ms, the site's own address after 18 ms");
    public static readonly Rule DnsNonResolver = new("dns.non_resolver", RuleEffect.Artefact, 7,
        "a false reply from an address that runs no resolver", "analysis 1.4",
        "a web server's address \"answers\" a DNS question for this name alone");
    public static readonly Rule DnsHijack = new("dns.hijack", RuleEffect.Artefact, 6.5,
        "every outside resolver asked in clear gives the false answer of the system's", "reference lab; OONI QA dnsHijacking*",
        "the provider's, a public and another public resolver all say 127.0.0.1");
    public static readonly Rule DnsProxied = new("dns.proxied", RuleEffect.Notes, 0,
        "a true reply from an address that runs no resolver", "analysis 1.4",
        "a web server's address gives the site's true address: port 53 is taken");
    public static readonly Rule DnsBlockpageAddress = new("dns.blockpage_address", RuleEffect.Artefact, 6,
        "the answer is a known blockpage's address, in a country where it is expected", "OONI Data rules: country_consistent_blockpage",
        "36.37.242.94 in Cambodia");
    public static readonly Rule DnsLeadsToBlockpage = new("dns.leads_to_blockpage", RuleEffect.Artefact, 6,
        "an answer no control had leads to a known blockpage", "analysis 1.9 no. 1",
        "an address of the provider that serves \"access is denied\"");
    public static readonly Rule DnsBogon = new("dns.bogon", RuleEffect.Artefact, 4,
        "the answer cannot be a public address and controls have public ones", "OONI Data rules: bogon_not_in_ctrl",
        "10.10.34.35 for a newspaper");
    public static readonly Rule DnsBogonEverywhere = new("dns.bogon_everywhere", RuleEffect.Down, 0,
        "the answer cannot be a public address, at controls too", "OONI Data rules: bogon_in_ctrl",
        "a name that really points to 127.0.0.1");
    public static readonly Rule DnsSink = new("dns.sink", RuleEffect.Artefact, 5,
        "the wrong answer is that of names of other owners too", "analysis 1.9 no. 3",
        "two newspapers of two owners at one address that is neither's");
    public static readonly Rule DnsContradiction = new("dns.contradiction", RuleEffect.Artefact, 5,
        "the system's resolver denies or falsifies the name, an outside resolver's address holds a valid certificate, and a name that does not exist is answered normally",
        "contract 2",
        "NXDOMAIN at home; the address that a resolver over HTTPS gives holds the site's certificate");
    public static readonly Rule DnsWrongCertificate = new("dns.wrong_certificate", RuleEffect.Anomaly, 3,
        "the certificate at an answer no control had is not valid for the name", "OONI Data rules: tls_inconsistent_not_in_ctrl",
        "the answer's server shows a certificate for block.isp.example");
    public static readonly Rule DnsWrongAnswer = new("dns.wrong_answer", RuleEffect.Anomaly, 2.5,
        "nothing of the target is served at the answers, which no control had", "CERTainty, PoPETs 2023; analysis 1.3",
        "the answer's server refuses connections");
    public static readonly Rule DnsDenied = new("dns.denied", RuleEffect.Anomaly, 3,
        "NXDOMAIN, REFUSED, SERVFAIL or an empty answer, and controls resolve the name", "OONI Data rules: dns_system_failure_ctrl_ok",
        "NXDOMAIN from the provider's resolver");
    public static readonly Rule DnsRewrittenDenial = new("dns.rewritten_denial", RuleEffect.Anomaly, 3,
        "the answer is the one that the resolver gives for names that do not exist, and controls resolve the name", "ProbeNet",
        "the advertising page's address, for this name as for any that does not exist");
    public static readonly Rule DnsSilent = new("dns.silent", RuleEffect.Anomaly, 1.5,
        "no reply to any attempt, and controls resolve the name", "analysis 1.9 no. 4",
        "two questions, no reply");
    public static readonly Rule DnsControlFails = new("dns.control_fails", RuleEffect.Down, 0,
        "the name does not resolve, at controls neither", "OONI Data rules: dns_system_failure_ctrl_also_failing",
        "the site let its name expire");
    public static readonly Rule DnsNoControl = new("dns.no_control", RuleEffect.NoControl, 0,
        "the name does not resolve and no control can say whether it should", "analysis 1.3 no. 11",
        "NXDOMAIN for a name that controls have not asked for");
    public static readonly Rule DnsUnmatched = new("dns.unmatched", RuleEffect.NoControl, 0,
        "an answer that matches no control's and that nothing else speaks for or against", "OONI Data rules: dns_system_answer_unmatched",
        "the edge of a content network that controls have not met");
    public static readonly Rule DnsHopDenied = new("dns.hop_denied", RuleEffect.Anomaly, 2,
        "the name that a redirect led to does not resolve; controls were sent there too and reach the page", "OONI QA redirectWithConsistentDNSAndThenNXDOMAIN",
        "a short link works, the name it leads to does not exist here alone");
    public static readonly Rule DnsGhost = new("dns.ghost", RuleEffect.Anomaly, 3,
        "an address for a name that exists neither for controls nor for a resolver asked inside TLS, while other names that do not exist have none", "OONI QA ghostDNSBlocking*",
        "a name given up years ago still leads to the provider's page");
    public static readonly Rule DnsDiverted = new("dns.diverted", RuleEffect.Notes, 1,
        "resolvers asked in clear agree on an address that neither controls nor resolvers inside TLS gave, and the site is served there", "OONI QA dnsHijackingToProxy*",
        "a proxy of the provider that passes everything on");
    public static readonly Rule DnsRewrite = new("dns.rewrite", RuleEffect.Notes, 0,
        "the resolver has an address for a name that does not exist", "contract 2",
        "sunriverstone.com has an address");
    public static readonly Rule DohBlocked = new("dns.doh_blocked", RuleEffect.Notes, 0,
        "the resolver over HTTPS cannot be reached, others can, and controls reach it", "OONI probe-cli webconnectivitylte",
        "dns.example over HTTPS is reset, over UDP it answers");

    public static readonly Rule TcpFails = new("tcp.fails", RuleEffect.Anomaly, 2,
        "no connection to an address that controls connect to", "OONI Data rules: failure_ctrl_ok",
        "three SYNs to 443, no answer");
    public static readonly Rule TcpFailsUncompared = new("tcp.fails_uncompared", RuleEffect.Anomaly, 1.2,
        "no connection to an address that two resolvers agree on; controls reach the page at others", "ProbeNet",
        "no connection to an address that two resolvers gave and controls have not tried");
    public static readonly Rule TcpControlFails = new("tcp.control_fails", RuleEffect.Down, 0,
        "no connection, at controls neither", "OONI Data rules: failure_ctrl_also_failing",
        "the server is switched off");
    public static readonly Rule TcpNoControl = new("tcp.no_control", RuleEffect.NoControl, 0,
        "no connection, and no control can say whether there should be one", "analysis 1.9 no. 11",
        "no connection, and controls were asleep");

    public static readonly Rule TlsSniComparison = new("tls.sni_comparison", RuleEffect.Artefact, 5,
        "at one address the target's name fails in three of four tries or more and an innocuous one succeeds as often", "analysis 1.5",
        "www.news.example is reset, www.popular.example gets a certificate, both at one address");
    public static readonly Rule TlsSniUncompared = new("tls.sni_uncompared", RuleEffect.Anomaly, 3,
        "the same comparison at an address where no control got a server's reply to both names", "analysis 1.5",
        "the same at an edge that no control has tried");
    public static readonly Rule TlsClockWrong = new("tls.clock_wrong", RuleEffect.NoControl, 0,
        "a certificate out of date for a clock that references show to be a day off or more", "analysis 1.8",
        "the battery of the clock is empty: it is 1970");
    public static readonly Rule TlsFalseCertificate = new("tls.false_certificate", RuleEffect.Artefact, 5,
        "an invalid certificate that no control has seen, where controls have a valid one", "OONI Data rules: failure_ctrl_ok_ssl",
        "issuer \"National Gateway\", on one network alone");
    public static readonly Rule TlsSameCertificate = new("tls.same_certificate", RuleEffect.NoControl, 0,
        "a certificate refused here that controls have too: the clock or trust store differs, not the path", "analysis 1.8",
        "an old machine that does not know a new authority");
    public static readonly Rule TlsFails = new("tls.fails", RuleEffect.Anomaly, 2.5,
        "the handshake is broken off or unanswered where that of controls is valid", "OONI Data rules: failure_ctrl_ok_reset, _other",
        "reset after the ClientHello");
    public static readonly Rule TlsFailsUncompared = new("tls.fails_uncompared", RuleEffect.Anomaly, 1.5,
        "the same at an address that two resolvers agree on; controls have a valid one elsewhere", "ProbeNet",
        "reset after the ClientHello at an address that controls have not tried");
    public static readonly Rule TlsControlFails = new("tls.control_fails", RuleEffect.Down, 0,
        "the handshake fails, at controls too", "OONI Data rules: failure_ctrl_also_failing",
        "the certificate ran out");
    public static readonly Rule TlsNoControl = new("tls.no_control", RuleEffect.NoControl, 0,
        "the handshake fails, and no control can say whether it should", "analysis 1.9 no. 11",
        "reset, and controls were asleep");

    public static readonly Rule HttpBlockpage = new("http.blockpage", RuleEffect.Artefact, 6,
        "a known blockpage in clear text or where a redirect in clear text leads, in a country where it is expected", "analysis 1.9 no. 1",
        "\"This site is blocked by order\", named in the list");
    public static readonly Rule HttpBlockpageRedirect = new("http.blockpage_redirect", RuleEffect.Artefact, 6,
        "a redirect in clear text to a known blockpage", "analysis 1.9 no. 1",
        "302 to http://block.isp.example/");
    public static readonly Rule HttpSamePage = new("http.same_page", RuleEffect.Artefact, 5,
        "the different page in clear text is that of names of other owners too", "Jones, IMC 2014; analysis 1.6",
        "two newspapers with the same 600 bytes");
    public static readonly Rule HttpFails = new("http.fails", RuleEffect.Anomaly, 2.2,
        "the request is broken off, unanswered or answered by nothing, and controls get an answer", "OONI classic analysis: http-failure",
        "reset after the request line");
    public static readonly Rule HttpHostComparison = new("http.host_comparison", RuleEffect.Anomaly, 4,
        "at one address the request for the target's host is reset or unanswered twice and that for an innocuous host is answered; a control got answers to both", "analysis 1.5, for clear text",
        "Host: www.news.example is reset, Host: www.popular.example gets a page");
    public static readonly Rule HttpFailsUncompared = new("http.fails_uncompared", RuleEffect.Anomaly, 1.5,
        "the request that a redirect led to fails; controls were sent there too and reach the page", "ProbeNet; OONI QA redirectWith*",
        "a short link leads to http://www.news.example, which is reset");
    public static readonly Rule HttpRedirect = new("http.redirect", RuleEffect.Anomaly, 2,
        "a redirect in clear text to another owner's name that controls were never sent to, or to nowhere", "analysis 1.6",
        "302 to http://ministry.example/");
    public static readonly Rule HttpEmpty = new("http.empty", RuleEffect.Anomaly, 1.5,
        "an empty page in clear text where that of controls is not", "contract 2",
        "200 and nothing");
    public static readonly Rule HttpDifferent = new("http.different", RuleEffect.Anomaly, 1.2,
        "a page in clear text that differs from that of controls in status, or in length, headers and title", "OONI classic analysis: http-diff",
        "200 with another title, a tenth as long");
    public static readonly Rule HttpControlFails = new("http.control_fails", RuleEffect.Down, 0,
        "the request fails, at controls too", "OONI classic analysis",
        "the server breaks off for everybody");
    public static readonly Rule HttpNoControl = new("http.no_control", RuleEffect.NoControl, 0,
        "the request fails or the page is in clear text, and no control can say what it should be", "OONI classic analysis",
        "a page in clear text that no control has fetched");
    public static readonly Rule HttpProxied = new("http.proxied", RuleEffect.Notes, 0,
        "headers of a proxy that controls do not get, with their page", "contract 2: http.hijack",
        "Via: cache.isp.example, and the right page");
    public static readonly Rule HttpServerRefuses = new("http.server_refuses", RuleEffect.Refused, 0,
        "an error status under a valid certificate where controls get the page; 403, 429 or 451 also where no control can tell", "reference lab; contract 2",
        "451 under the site's own certificate");
    public static readonly Rule HttpEdgeRefuses = new("http.edge_refuses", RuleEffect.Refused, 0,
        "403, 429 or 503 in clear text from the server software that controls meet too", "OONI QA cloudflareCAPTCHAWithHTTP",
        "503 \"are you human?\" from the server that controls meet too");

    public static readonly Rule ThrottledName = new("throttle.name", RuleEffect.Slow, 4,
        "the page came slowly twice, an innocuous name at the same address three times as fast or more, and controls are not slow", "analysis 1.7, 5.4; Xue, IMC 2021",
        "16 kB/s under its own name, 900 kB/s under another");
    public static readonly Rule ThrottledAddress = new("throttle.address", RuleEffect.Slow, 3,
        "the page came slowly twice and so did an innocuous name at the same address, while a reference and controls were three times as fast or more", "analysis 1.7, 5.4",
        "16 kB/s whatever the name, 900 kB/s from a reference");
    public static readonly Rule Throttled = new("throttle.page", RuleEffect.Slow, 2.5,
        "the page came slowly twice while a reference and controls were three times as fast or more; an innocuous name got no page to compare", "analysis 1.7, 5.4",
        "16 kB/s, 900 kB/s from a reference; the innocuous name is refused");

    public static readonly Rule QuicFails = new("quic.fails", RuleEffect.Notes, 2,
        "no server's answer over QUIC where controls get one and references answer", "analysis 1.5; contract 2",
        "two Initials with the site's name, no answer; a reference answers");
    public static readonly Rule QuicUnknown = new("quic.unknown", RuleEffect.Notes, 0,
        "no server's answer over QUIC, and no reference answered over it either", "analysis 1.5",
        "an office that lets no UDP out");

    public static readonly Rule PlaceLocated = new("place.located", RuleEffect.Notes, 0,
        "packets with rising TTL met the interference before the server, from every source port alike", "CenTrace, CoNEXT 2022",
        "TTL 4 is reset, TTL 3 died at AS 64500's router");
    public static readonly Rule PlaceUnknown = new("place.unknown", RuleEffect.Notes, 0,
        "packets with rising TTL say nothing: the answer copies their TTL, comes at the server's distance, or ports disagree", "Triplet Censors, FOCI 2020",
        "the forged answer's TTL moves with the question's");

    public static readonly Rule OkCertificate = new("ok.certificate", RuleEffect.Ok, 2.5,
        "the page, or at least a handshake, at an answer of the system's resolver under a valid certificate", "OONI classic analysis; analysis 1.9 no. 12",
        "200 under the site's certificate");
    public static readonly Rule OkSamePage = new("ok.same_page", RuleEffect.Ok, 1.9,
        "the page in clear text is that of controls", "OONI classic analysis",
        "the same bytes in clear text");
    public static readonly Rule OkSameAnswer = new("ok.same_answer", RuleEffect.Ok, 1.9,
        "the server's answer is the one that controls get, whatever it is", "ProbeNet",
        "404 here and at controls");

    public static IReadOnlyList<Rule> All { get; } =
    [
        Unreadable, NetworkDown, ReferencesFailed, NoReferences, CaptivePortal, FilterProduct, Tunnel, Incomplete,
        DnsRace, DnsNonResolver, DnsHijack, DnsProxied, DnsBlockpageAddress, DnsLeadsToBlockpage, DnsBogon, DnsBogonEverywhere, DnsSink,
        DnsContradiction, DnsWrongCertificate, DnsWrongAnswer, DnsDenied, DnsRewrittenDenial, DnsSilent, DnsControlFails, DnsNoControl,
        DnsUnmatched, DnsHopDenied, DnsGhost, DnsDiverted, DnsRewrite, DohBlocked,
        TcpFails, TcpFailsUncompared, TcpControlFails, TcpNoControl,
        TlsSniComparison, TlsSniUncompared, TlsClockWrong, TlsFalseCertificate, TlsSameCertificate, TlsFails, TlsFailsUncompared, TlsControlFails, TlsNoControl,
        HttpBlockpage, HttpBlockpageRedirect, HttpSamePage, HttpHostComparison, HttpFails, HttpFailsUncompared, HttpRedirect, HttpEmpty, HttpDifferent, HttpControlFails,
        HttpNoControl, HttpProxied, HttpServerRefuses, HttpEdgeRefuses,
        ThrottledName, ThrottledAddress, Throttled, QuicFails, QuicUnknown, PlaceLocated, PlaceUnknown,
        OkCertificate, OkSamePage, OkSameAnswer,
    ];
}
