using System.Net;
using Google.Protobuf;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>What an agent and two controls would have written down in a scenario, and what must be found in it.</summary>
/// <param name="Mechanism">One that must be among those found; empty where none may be accused.</param>
sealed record QualityCase(string Name, Page Seen, Page[] Controls, Outcome Outcome, string Mechanism = "")
{
    public override string ToString() => Name;
}

/// <summary>
/// The fifty web_connectivity scenarios of OONI's quality assurance by name, as this project's own steps would record them:
/// an agent has references, a name that does not exist, an innocuous server name, and two controls.
/// </summary>
static class QualityCases
{
    const string Https = "https://www.example.com/";
    const string Http = "http://www.example.com/";
    const string Short = "https://short.example/32447";
    const string Block = "83.224.65.41";
    const string Proxy = "130.192.182.17";
    const string Hop = "8.18.7.7";
    const string BlockPage = "<title>Blocked</title> This site is blocked";

    public static IEnumerable<QualityCase> All() =>
    [
        Same("badSSLWithUnknownAuthorityWithConsistentDNS", BadCertificate(FailureCodes.SslUnknownAuthority), Outcome.Down),
        Same("badSSLWithExpiredCertificate", BadCertificate(FailureCodes.SslInvalidCertificate), Outcome.Down),
        Same("badSSLWithWrongServerName", BadCertificate(FailureCodes.SslInvalidHostname), Outcome.Down),
        new("badSSLWithUnknownAuthorityWithInconsistentDNS",
            Inconsistent(Https, Block).Connects(Block).Shakes(Block, FailureCodes.SslUnknownAuthority, "box").Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth),
            Working(Https), Outcome.Artefact, Mechanisms.DnsInjection),
        new("cloudflareCAPTCHAWithHTTP", Consistent(Http).Connects(Page.Truth).Gets(Page.Truth, 503, "are you human?", headers: ("Server", "edge")),
            [.. Enumerable.Range(0, 2).Select(_ => Consistent(Http).Connects(Page.Truth).Gets(Page.Truth, headers: ("Server", "edge")))], Outcome.Refused),
        new("cloudflareCAPTCHAWithHTTPS", Consistent(Https).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth, 503, "are you human?"), Working(Https), Outcome.Refused),
        // OONI's one helper is censored on the volunteer's line and the measurement is lost; here another control is not.
        new("controlFailureWithSuccessfulHTTPWebsite", Page.Reached(Http), [.. Working(Http), new Page(Http).ReferenceFails(3)], Outcome.Ok),
        new("controlFailureWithSuccessfulHTTPSWebsite", Page.Reached(Https), [.. Working(Https), new Page(Https).ReferenceFails(3)], Outcome.Ok),
        new("dnsBlockingAndroidDNSCacheNoData", Denied(Https, FailureCodes.DnsNoAnswer), Working(Https), Outcome.Artefact, Mechanisms.DnsEmpty),
        new("dnsBlockingBOGON", new Page(Https).System("10.10.34.35").Outside(Page.Truth).Https(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth),
            Working(Https), Outcome.Artefact, Mechanisms.DnsInjectionBogon),
        new("dnsBlockingNXDOMAIN", Denied(Https, FailureCodes.DnsNxdomain), Working(Https), Outcome.Artefact, Mechanisms.DnsNxdomain),
        new("dnsHijackingToLocalhostWithHTTP", Inconsistent(Http, "127.0.0.1").Connects(Page.Truth).Gets(Page.Truth), Working(Http), Outcome.Artefact, Mechanisms.DnsHijack),
        new("dnsHijackingToLocalhostWithHTTPS", Inconsistent(Https, "127.0.0.1").Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth), Working(Https), Outcome.Artefact, Mechanisms.DnsHijack),
        new("dnsHijackingToProxyWithHTTPURL", Inconsistent(Http, Proxy).Connects(Proxy).Gets(Proxy), Proving(Http, Proxy), Outcome.Ok, Mechanisms.DnsHijack),
        new("dnsHijackingToProxyWithHTTPSURL", Inconsistent(Https, Proxy).Connects(Proxy).Shakes(Proxy).Gets(Proxy), Working(Https), Outcome.Ok, Mechanisms.DnsHijack),
        new("ghostDNSBlockingWithHTTP", Ghost(Http).Connects(Block).Gets(Block, content: BlockPage), Absent(Http), Outcome.Anomaly, Mechanisms.DnsInjection),
        new("ghostDNSBlockingWithHTTPS", Ghost(Https).Connects(Block, FailureCodes.ConnectionRefused), Absent(Https), Outcome.Anomaly, Mechanisms.DnsInjection),
        new("httpBlockingConnectionReset", Consistent(Http).Connects(Page.Truth).GetFails(Page.Truth, FailureCodes.ConnectionReset), Working(Http), Outcome.Anomaly, Mechanisms.HttpReset),
        new("httpDiffWithConsistentDNS", Consistent(Http).Connects(Page.Truth).Gets(Page.Truth, content: BlockPage), Working(Http), Outcome.Anomaly, Layers.Http),
        new("httpDiffWithInconsistentDNS", Inconsistent(Http, Proxy).Connects(Proxy).Gets(Proxy, content: BlockPage).Connects(Page.Truth).Gets(Page.Truth, content: BlockPage),
            Working(Http), Outcome.Artefact, Mechanisms.DnsHijack),
        new("idnaWithoutCensorshipLowercase", Moved("http://xn--d1acpjx3f.xn--p1ai/"), [Moved("http://xn--d1acpjx3f.xn--p1ai/"), Moved("http://xn--d1acpjx3f.xn--p1ai/")], Outcome.Ok),
        new("idnaWithoutCensorshipWithFirstLetterUppercase", Moved("http://Яндекс.рф/"), [Moved("http://Яндекс.рф/"), Moved("http://Яндекс.рф/")], Outcome.Ok),
        new("largeFileWithHTTP", Large(Http), [Large(Http), Large(Http)], Outcome.Ok),
        new("largeFileWithHTTPS", Large(Https), [Large(Https), Large(Https)], Outcome.Ok),
        Same("localhostWithHTTP", new Page(Http).System("127.0.0.1").Outside("127.0.0.1").Https("127.0.0.1"), Outcome.Down),
        Same("localhostWithHTTPS", new Page(Https).System("127.0.0.1").Outside("127.0.0.1").Https("127.0.0.1"), Outcome.Down),
        // A broken Location for this client alone: in clear anybody may have written it; under the site's certificate only the site.
        new("redirectWithBrokenLocationForHTTP", Consistent(Http).Connects(Page.Truth).Gets(Page.Truth, 302, ""), Working(Http), Outcome.Anomaly, Mechanisms.HttpRedirect),
        new("redirectWithBrokenLocationForHTTPS", Consistent(Https).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth, 302, ""), Working(Https), Outcome.Ok),
        new("redirectWithConsistentDNSAndThenConnectionRefusedForHTTP", Redirected("http", page => page.ConnectsTo(Hop, 80, FailureCodes.ConnectionRefused)), Arrived("http"), Outcome.Anomaly, Mechanisms.TcpRefused),
        new("redirectWithConsistentDNSAndThenConnectionRefusedForHTTPS", Redirected("https", page => page.ConnectsTo(Hop, 443, FailureCodes.ConnectionRefused)), Arrived("https"), Outcome.Anomaly, Mechanisms.TcpRefused),
        new("redirectWithConsistentDNSAndThenConnectionResetForHTTP", HopFails("http", FailureCodes.ConnectionReset), Arrived("http"), Outcome.Anomaly, Mechanisms.HttpReset),
        new("redirectWithConsistentDNSAndThenConnectionResetForHTTPS", HopFails("https", FailureCodes.ConnectionReset), Arrived("https"), Outcome.Artefact, Mechanisms.TlsResetSni),
        new("redirectWithConsistentDNSAndThenNXDOMAIN", Redirected("https", page => page, FailureCodes.DnsNxdomain), Arrived("https"), Outcome.Artefact, Mechanisms.DnsNxdomain),
        new("redirectWithConsistentDNSAndThenEOFForHTTP", HopFails("http", FailureCodes.EofError), Arrived("http"), Outcome.Anomaly, Mechanisms.HttpEmpty),
        new("redirectWithConsistentDNSAndThenEOFForHTTPS", HopFails("https", FailureCodes.EofError), Arrived("https"), Outcome.Artefact, Mechanisms.TlsCloseSni),
        new("redirectWithConsistentDNSAndThenTimeoutForHTTP", HopFails("http", FailureCodes.GenericTimeout), Arrived("http"), Outcome.Anomaly, Mechanisms.HttpTimeout),
        new("redirectWithConsistentDNSAndThenTimeoutForHTTPS", HopFails("https", FailureCodes.GenericTimeout), Arrived("https"), Outcome.Artefact, Mechanisms.TlsTimeoutSni),
        Same("redirectWithMoreThanTenRedirectsAndHTTP", Endless(Http), Outcome.Ok),
        Same("redirectWithMoreThanTenRedirectsAndHTTPS", Endless(Https), Outcome.Ok),
        new("successWithHTTP", Page.Reached(Http), Working(Http), Outcome.Ok),
        new("successWithHTTPS", Page.Reached(Https), Working(Https), Outcome.Ok),
        new("tcpBlockingConnectTimeout", Consistent(Https).Connects(Page.Truth, FailureCodes.GenericTimeout), Working(Https), Outcome.Anomaly, Mechanisms.TcpTimeout),
        new("tcpBlockingConnectionRefusedWithInconsistentDNS", Inconsistent(Https, Block).Connects(Block, FailureCodes.ConnectionRefused).Connects(Page.Truth, FailureCodes.ConnectionRefused),
            Working(Https), Outcome.Artefact, Mechanisms.TcpRefused),
        new("throttlingWithHTTP", Slowed(Http), Fast(Http), Outcome.Slow, Mechanisms.ThrottleSni),
        new("throttlingWithHTTPS", Slowed(Https), Fast(Https), Outcome.Slow, Mechanisms.ThrottleSni),
        new("tlsBlockingConnectionResetWithConsistentDNS", Compared(Consistent(Https).Connects(Page.Truth), Https, Page.Truth, FailureCodes.ConnectionReset), Working(Https), Outcome.Artefact, Mechanisms.TlsResetSni),
        new("tlsBlockingConnectionResetWithInconsistentDNS",
            Compared(Inconsistent(Https, Proxy).Connects(Proxy).Shakes(Proxy, FailureCodes.ConnectionReset).Connects(Page.Truth), Https, Page.Truth, FailureCodes.ConnectionReset),
            Working(Https), Outcome.Artefact, Mechanisms.TlsResetSni),
        Same("websiteDownNXDOMAIN", new Page("http://www.example.xyz/").SystemFails(FailureCodes.DnsNxdomain).OutsideFails(FailureCodes.DnsNxdomain).HttpsFails(FailureCodes.DnsNxdomain), Outcome.Down),
        Same("websiteDownNoAddrs", new Page(Http).SystemFails(FailureCodes.DnsNoAnswer).OutsideFails(FailureCodes.DnsNoAnswer).HttpsFails(FailureCodes.DnsNoAnswer), Outcome.Down),
        Same("websiteDownTCPConnect", Consistent("http://www.example.com:444/").Connects(Page.Truth, FailureCodes.ConnectionRefused), Outcome.Down),
    ];

    // Everybody sees the same.
    static QualityCase Same(string name, Page page, Outcome outcome) => new(name, page, [page, page], outcome);

    static Page[] Working(string url) => [Page.Reached(url).Https(Page.Truth), Page.Reached(url).Https(Page.Truth)];

    static Page Consistent(string url) => new Page(url).System(Page.Truth).Outside(Page.Truth).Https(Page.Truth);

    static Page Inconsistent(string url, string lie) => new Page(url).System(lie).Outside(lie).Https(Page.Truth);

    static Page Denied(string url, string failure) =>
        new Page(url).SystemFails(failure).Outside(Page.Truth).Https(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth);

    static Page BadCertificate(string failure) => Consistent(Https).Connects(Page.Truth).Shakes(Page.Truth, failure, "the site's own");

    // A proxy that passes everything on serves controls too.
    static Page[] Proving(string url, string proxy) => [.. Working(url).Select(page => page.Asks(DnsEngines.Udp, "far", "", Page.Truth).ShakesAt(proxy))];

    static Page Ghost(string url) => new Page(url).System(Block).Outside(Block).HttpsFails(FailureCodes.DnsNxdomain);

    static Page[] Absent(string url) =>
        [.. Enumerable.Range(0, 2).Select(_ => new Page(url).SystemFails(FailureCodes.DnsNxdomain).OutsideFails(FailureCodes.DnsNxdomain).HttpsFails(FailureCodes.DnsNxdomain))];

    static Page Moved(string url)
    {
        var page = Consistent(url).Connects(Page.Truth);
        page.Gets(page.Url, Page.Truth, 308, "", location: "https://ya.example/").Facts.Http[^1].NotFollowed = "";
        return page.AsksOf("ya.example", Hop).ConnectsTo(Hop, 443).ShakesFor("ya.example", Hop).Gets(new Uri("https://ya.example/"), Hop, 200, Page.Content);
    }

    static Page Large(string url)
    {
        var page = Page.Reached(url).Https(Page.Truth);
        (page.Facts.Http[^1].BodyLength, page.Facts.Http[^1].BodyTruncated) = (65_536, true);
        return page;
    }

    static Page Endless(string url)
    {
        var page = Consistent(url).Connects(Page.Truth).Shakes(Page.Truth);
        for (var hop = 1; hop <= 11; hop++)
        {
            page.Gets(new Uri(page.Url, hop == 1 ? "/" : $"/{hop}"), Page.Truth, 302, "", location: $"/{hop + 1}");
            page.Facts.Http[^1].NotFollowed = hop == 11 ? "too_many" : "";
        }
        return page;
    }

    static Page Redirected(string scheme, Func<Page, Page> then, string denied = "")
    {
        var page = Consistent(Short).Connects(Page.Truth).Shakes(Page.Truth);
        page.Gets(page.Url, Page.Truth, 308, "", location: $"{scheme}://www.example.com/").Facts.Http[^1].NotFollowed = "";
        return then(denied.Length > 0 ? page.AsksOf("www.example.com", denied, []) : page.AsksOf("www.example.com", Hop));
    }

    static Page HopFails(string scheme, string failure) => Redirected(scheme, page => scheme == "http"
        ? page.ConnectsTo(Hop, 80).GetFails(new Uri("http://www.example.com/"), Hop, failure)
        : page.ConnectsTo(Hop, 443).ShakesFor("www.example.com", Hop, failure)
            .ShakesFor("popular.example", Hop, FailureCodes.SslInvalidHostname, ComparisonArms.Innocuous).ShakesFor("www.example.com", Hop, failure, ComparisonArms.Target));

    static Page[] Arrived(string scheme) => [.. Enumerable.Range(0, 2).Select(_ => Redirected(scheme, page => (scheme == "http"
        ? page.ConnectsTo(Hop, 80) : page.ConnectsTo(Hop, 443).ShakesFor("www.example.com", Hop).ShakesFor("popular.example", Hop, FailureCodes.SslInvalidHostname, ComparisonArms.Innocuous))
        .Gets(new Uri($"{scheme}://www.example.com/"), Hop, 200, Page.Content)))];

    static Page Compared(Page page, string url, string address, string failure) => page.Shakes(address, failure)
        .Shakes(address, FailureCodes.SslInvalidHostname, arm: ComparisonArms.Innocuous, name: "popular.example").Shakes(address, failure, arm: ComparisonArms.Target, name: new Uri(url).Host);

    static Page Slowed(string url)
    {
        var page = Consistent(url).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth);
        Pace(page.Facts.Http[^1], 10);
        (page.Facts.Http[^1].Failure, page.Facts.Http[^1].Status) = (FailureCodes.GenericTimeout, 200);
        return page.Arm(ComparisonArms.Innocuous, 400).Arm(ComparisonArms.Reference, 500).Arm(ComparisonArms.Target, 11);
    }

    static Page[] Fast(string url) => [.. Working(url).Select(page =>
    {
        Pace(page.Facts.Http[^1], 600);
        return page;
    })];

    /// <param name="kilobytes">A second.</param>
    internal static void Pace(HttpExchange exchange, uint kilobytes) =>
        (exchange.StartedUs, exchange.FirstByteUs, exchange.DurationUs, exchange.Received) = (1_000_000, 1_100_000, 2_100_000, 2000 * kilobytes);
}

/// <summary>Steps at hosts that a redirect led to, and arms of comparisons.</summary>
static class FurtherSteps
{
    public static Page AsksOf(this Page page, string host, params string[] addresses) => page.AsksOf(host, "", addresses);

    public static Page AsksOf(this Page page, string host, string failure, string[] addresses)
    {
        page.Asks(DnsEngines.System, ResolverNames.System, failure, addresses).Facts.Dns[^1].Hostname = host;
        page.Asks(DnsEngines.Udp, "far", failure, addresses).Facts.Dns[^1].Hostname = host;
        return page;
    }

    public static Page ConnectsTo(this Page page, string address, uint port, string failure = "")
    {
        page.Facts.Tcp.Add(new TcpConnect { Address = Bytes(address), Port = port, Failure = failure });
        return page;
    }

    public static Page ShakesFor(this Page page, string host, string address, string failure = "", string arm = ComparisonArms.None)
    {
        var handshake = new TlsHandshake { Address = Bytes(address), Port = 443, ServerName = host, Failure = failure, Arm = arm };
        if (failure.Length == 0 || failure.StartsWith("ssl_", StringComparison.Ordinal))
            handshake.Chain.Add(ByteString.CopyFrom(new byte[32]));
        page.Facts.Tls.Add(handshake);
        return page;
    }

    public static Page ShakesAt(this Page page, string address) => page.ShakesFor(page.Host, address);

    public static Page GetFails(this Page page, Uri url, string address, string failure)
    {
        page.Facts.Http.Add(new HttpExchange { Url = url.AbsoluteUri, Address = Bytes(address), Port = (uint)url.Port, Failure = failure });
        return page;
    }

    public static Page Asked(this Page page, string arm, string failure)
    {
        page.GetFails(page.Url, Page.Truth, failure).Facts.Http[^1].Arm = arm;
        page.Facts.Http[^1].Status = failure.Length == 0 ? 200u : 0;
        return page;
    }

    public static Page Arm(this Page page, string arm, uint kilobytes)
    {
        var exchange = page.Facts.Http[^1].Clone();
        (exchange.Arm, exchange.Failure) = (arm, "");
        QualityCases.Pace(exchange, kilobytes);
        exchange.Address = Bytes(arm == ComparisonArms.Reference ? "8.99.1.1" : Page.Truth);
        page.Facts.Http.Add(exchange);
        return page;
    }

    static ByteString Bytes(string address) => ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes());
}
