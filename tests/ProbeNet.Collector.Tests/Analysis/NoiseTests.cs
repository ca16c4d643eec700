using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>
/// What lines, homes and sites do to measurements without anybody blocking anything, two hundred draws of each kind: none may
/// be an artefact, slowed or refused by the network, and where nothing was lost at random none may be an anomaly either.
/// </summary>
public sealed class NoiseTests
{
    const string Site = "https://www.news.example/";
    const string Edge = "8.66.1.1";
    const int Draws = 200;

    public static IEnumerable<TheoryDataRow<string>> Kinds => Makers.Keys.Select(kind => new TheoryDataRow<string>(kind));

    static readonly Dictionary<string, Func<Random, (Page Seen, Page[] Controls)>> Makers = new(StringComparer.Ordinal)
    {
        ["loss of 1 %"] = random => (Lossy(random, 0.01), Controls()),
        ["loss of 5 %"] = random => (Lossy(random, 0.05), Controls()),
        ["latency"] = random => (Paced(Page.Reached(Site), (uint)random.Next(20, 60), line: true), [.. Controls().Select(c => Paced(c, 600))]),
        ["dead home router"] = _ => (new Page(Site).SystemFails(FailureCodes.GenericTimeout).OutsideFails(FailureCodes.GenericTimeout).ReferenceFails(3), Controls()),
        ["resolver broken for everything"] = random => (new Page(Site).SystemFails(Pick(random, FailureCodes.DnsServfail, FailureCodes.GenericTimeout, FailureCodes.DnsRefused))
            .Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth).ReferenceFails(3), Controls()),
        ["lying home router"] = random => (new Page(Site).System("192.168.1.1").Outside("192.168.1.1").ReferenceFails(random.Next(1, 4)), Controls()),
        ["captive portal"] = random =>
        {
            var page = new Page(Site).System("8.77.1.1").Connects("8.77.1.1").Shakes("8.77.1.1", FailureCodes.SslInvalidHostname, "portal");
            if (random.Next(2) == 0)
                return (page.ReferenceFails(3), Controls());
            page.Facts.Network.Portal = NetworkStates.Portal;
            return (page, Controls());
        },
        ["filter product"] = _ =>
        {
            var page = new Page(Site).System(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.SslUnknownAuthority, "filter");
            page.Facts.Network.Filter = true;
            return (page, Controls());
        },
        ["tunnel"] = _ =>
        {
            var page = new Page(Site).SystemFails(FailureCodes.DnsNxdomain);
            page.Facts.Network.Tunnel = true;
            return (page, Controls());
        },
        ["resolver that rewrites"] = random => (Page.Reached(Site).Nonexistent("", "8.88.1.1"), Controls()),
        ["IPv6 broken"] = random =>
        {
            const string address = "2a00:1450:4001:811::200e";
            var page = Page.Reached(Site);
            page.Asks(DnsEngines.System, ResolverNames.System, "", address).Facts.Dns[^1].QueryType = "AAAA";
            page.ConnectsTo(address, 443, Pick(random, FailureCodes.GenericTimeout, FailureCodes.NetworkUnreachable, FailureCodes.HostUnreachable));
            (page.Facts.Network.Ipv6, page.Facts.Network.Ipv6State) = (true, NetworkStates.Broken);
            return (page, [.. Controls().Select(c => c.System(address).ConnectsTo(address, 443).ShakesFor("www.news.example", address))]);
        },
        ["site down"] = random =>
        {
            var failure = Pick(random, FailureCodes.GenericTimeout, FailureCodes.ConnectionRefused, FailureCodes.ConnectionReset);
            return (Down(failure), [Down(failure), Down(failure)]);
        },
        ["site moved, the volunteer still gets the old address"] = random =>
        {
            var page = new Page(Site).System(Edge).Outside(Edge).Https(Edge).Connects(Edge, Pick(random, FailureCodes.GenericTimeout, FailureCodes.ConnectionRefused));
            return (page, [.. Controls().Select(c => c.Asks(DnsEngines.Udp, "old", "", Edge).ConnectsTo(Edge, 443, FailureCodes.GenericTimeout))]);
        },
        ["site slow for everybody"] = random => (Paced(Page.Reached(Site), (uint)random.Next(5, 30)), [.. Controls().Select(c => Paced(c, (uint)random.Next(5, 30)))]),
        ["certificate renewed"] = random => (Reached("renewed"), Controls()),
        ["certificate bad for everybody"] = random =>
        {
            var failure = Pick(random, FailureCodes.SslInvalidCertificate, FailureCodes.SslInvalidHostname, FailureCodes.SslUnknownAuthority);
            var page = new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, failure, "old");
            return (page, [page, page]);
        },
        ["clock wrong"] = random =>
        {
            var page = new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.SslInvalidCertificate, "renewed");
            (page.Facts.Network.ClockKnown, page.Facts.Network.ClockMinutes) = (true, (random.Next(2) == 0 ? -1 : 1) * random.Next(1440, 500_000));
            return (page, Controls());
        },
        ["another edge of the network"] = random => (Page.Reached(Site, Edge), Controls()),
        // A reset for every name that is not the edge's own: the innocuous one fails, the target's does not.
        ["edge that refuses foreign names"] = random => (Page.Reached(Site, Edge).Shakes(Edge, Pick(random, FailureCodes.ConnectionReset, FailureCodes.SslHandshakeFailed), "", ComparisonArms.Innocuous, "popular.example"), Controls()),
        ["server that refuses the country"] = random => (new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth)
            .Gets(Page.Truth, Pick(random, 403u, 451u, 503u), "not here"), Controls()),
        ["no QUIC on the line"] = _ => (Page.Reached(Site), Controls()),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Noise_is_no_accusation(string kind)
    {
        var random = new Random(kind.Length);
        var anomalies = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var (seen, controls) = Makers[kind](random);
            var finding = seen.Against(controls);
            var found = $"{finding.Outcome} {string.Join(' ', finding.Mechanisms.Select(m => m.Name))} by {string.Join(", ", finding.Rules)}";
            Assert.False(finding.Outcome is Outcome.Artefact or Outcome.Slow, found);
            anomalies += finding.Outcome == Outcome.Anomaly ? 1 : 0;
        }
        // A lost packet is a lost packet: what one run shows counts for little, and the cell weighs it against its day.
        Assert.InRange(anomalies, 0, kind.StartsWith("loss", StringComparison.Ordinal) ? Draws / 10 : 0);
    }

    static Page[] Controls() => [Reached("genuine").Https(Page.Truth), Reached("genuine").Https(Page.Truth)];

    static Page Reached(string certificate) => new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, certificate: certificate)
        .Shakes(Page.Truth, FailureCodes.SslInvalidHostname, arm: ComparisonArms.Innocuous, name: "popular.example").Gets(Page.Truth);

    static Page Down(string failure) => new Page(Site).System(Page.Truth).Outside(Page.Truth).Https(Page.Truth).Connects(Page.Truth, failure);

    // Each step is lost with the chance of its packets, and silence alone is tried again.
    static Page Lossy(Random random, double loss)
    {
        var page = new Page(Site);
        page = Lost(2) && Lost(2) ? page.SystemFails(FailureCodes.GenericTimeout) : page.System(Page.Truth);
        page = Lost(2) && Lost(2) ? page.OutsideFails(FailureCodes.GenericTimeout) : page.Outside(Page.Truth);
        // TCP itself repeats: three SYNs fit into the deadline, and more segments into the later ones.
        if (Lost(2) && Lost(2) && Lost(2))
            return page.Connects(Page.Truth, FailureCodes.GenericTimeout);
        page = page.Connects(Page.Truth);
        if (Lost(3) && Lost(3) && Lost(3))
            return page.Shakes(Page.Truth, FailureCodes.GenericTimeout);
        page = page.Shakes(Page.Truth);
        return Lost(4) && Lost(4) && Lost(4) ? page.GetFails(Page.Truth, FailureCodes.GenericTimeout) : page.Gets(Page.Truth);

        bool Lost(int packets) => random.NextDouble() > Math.Pow(1 - loss, packets);
    }

    static Page Paced(Page page, uint kilobytes, bool line = false)
    {
        QualityCases.Pace(page.Facts.Http[^1], kilobytes);
        return line ? page.Arm(ComparisonArms.Innocuous, kilobytes).Arm(ComparisonArms.Reference, kilobytes + 5).Arm(ComparisonArms.Target, kilobytes + 3) : page;
    }

    static T Pick<T>(Random random, params T[] some) => some[random.Next(some.Length)];
}
