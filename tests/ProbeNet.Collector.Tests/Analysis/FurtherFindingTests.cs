using System.Net;
using Google.Protobuf;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>QUIC, throttling, the state of the network, address families; and what of a noisy network could be taken for a block.</summary>
public sealed class FurtherFindingTests
{
    const string Site = "https://www.news.example/";

    static Page[] Controls => [Page.Reached(Site), Page.Reached(Site)];

    [Theory]
    [InlineData(FailureCodes.GenericTimeout, Mechanisms.QuicTimeout)]
    [InlineData(FailureCodes.ConnectionRefused, Mechanisms.QuicReset)]
    public void QUIC_that_fails_alone_is_listed_and_the_page_is_ok(string failure, string mechanism)
    {
        var page = Quic(Page.Reached(Site), failure);
        page.Facts.Network.References[0].Quic = NetworkStates.Answered;
        page.Against([.. Controls.Select(c => Quic(c, ""))]).Is(Outcome.Ok, mechanism);
    }

    [Fact]
    public void A_network_without_QUIC_is_no_site_without_it()
    {
        var page = Quic(Page.Reached(Site), FailureCodes.GenericTimeout);
        page.Facts.Network.References[0].Quic = NetworkStates.Silent;
        page.Against([.. Controls.Select(c => Quic(c, ""))]).Is(Outcome.Ok);
    }

    [Fact]
    public void A_site_without_QUIC_fails_for_controls_too()
    {
        var page = Quic(Page.Reached(Site), FailureCodes.GenericTimeout);
        page.Facts.Network.References[0].Quic = NetworkStates.Answered;
        page.Against([.. Controls.Select(c => Quic(c, FailureCodes.GenericTimeout))]).Is(Outcome.Ok);
    }

    [Theory]
    // ordinary, innocuous, reference, again, controls: kilobytes a second
    [InlineData(10, 400, 500, 11, 600, Mechanisms.ThrottleSni)]
    [InlineData(10, 11, 500, 12, 600, Mechanisms.ThrottleIp)]
    // a slow line, a slow site, one slow moment, a fast page
    [InlineData(10, 11, 12, 11, 600, null)]
    [InlineData(10, 11, 500, 12, 14, null)]
    [InlineData(10, 400, 500, 390, 600, null)]
    [InlineData(200, 400, 900, 200, 900, null)]
    public void A_page_is_slowed_only_against_everything_else_on_the_line(uint ordinary, uint innocuous, uint reference, uint again, uint control, string? mechanism)
    {
        var page = Page.Reached(Site);
        QualityCases.Pace(page.Facts.Http[^1], ordinary);
        page.Arm(ComparisonArms.Innocuous, innocuous).Arm(ComparisonArms.Reference, reference).Arm(ComparisonArms.Target, again);
        var controls = Controls;
        foreach (var one in controls)
            QualityCases.Pace(one.Facts.Http[^1], control);
        page.Against(controls).Is(mechanism is null ? Outcome.Ok : Outcome.Slow, mechanism);
    }

    [Theory]
    [InlineData("portal")]
    [InlineData("filter")]
    [InlineData("tunnel")]
    public void What_stands_before_the_provider_proves_nothing_about_it(string kind)
    {
        var page = new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth);
        (page.Facts.Network.Portal, page.Facts.Network.Filter, page.Facts.Network.Tunnel) = (kind == "portal" ? NetworkStates.Portal : "", kind == "filter", kind == "tunnel");
        var finding = page.Against(Controls);
        Assert.Equal((DiscardReasons.ReferencesFailed, Evidences.Discarded), (finding.DiscardReason, finding.Evidence));
    }

    [Fact]
    public void A_wrong_clock_makes_no_false_certificate()
    {
        var page = new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.SslInvalidCertificate, "renewed");
        (page.Facts.Network.ClockKnown, page.Facts.Network.ClockMinutes) = (true, -60 * 24 * 90);
        page.Against(Controls).Is(Outcome.Discarded);
        page.Facts.Network.ClockMinutes = 1;
        page.Against(Controls).Is(Outcome.Artefact, Mechanisms.TlsMitmCaSigned);
    }

    [Fact]
    public void A_broken_IPv6_is_no_blocked_one_and_each_family_has_its_finding()
    {
        const string address = "2a00:1450:4001:811::200e";
        Page[] controls = [.. Controls.Select(c => c.System(address).ConnectsTo(address, 443).ShakesFor("www.news.example", address))];
        var page = Page.Reached(Site);
        page.Asks(DnsEngines.System, ResolverNames.System, "", address).Facts.Dns[^1].QueryType = "AAAA";
        page.ConnectsTo(address, 443, FailureCodes.GenericTimeout);
        page.Facts.Network.Ipv6 = true;
        var blocked = page.Against(controls);
        blocked.Is(Outcome.Ok, Mechanisms.TcpTimeout);
        Assert.Equal([("ipv4", Outcome.Ok), ("ipv6", Outcome.Anomaly)], blocked.Families.Select(f => (f.Family, f.Outcome)));
        page.Facts.Network.Ipv6State = NetworkStates.Broken;
        var broken = page.Against(controls);
        broken.Is(Outcome.Ok);
        Assert.DoesNotContain(broken.Families, f => f.Outcome == Outcome.Anomaly);
    }

    [Fact]
    public void A_comparison_counts_only_where_a_control_got_a_servers_reply_to_both_names()
    {
        var page = new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.ConnectionReset)
            .Shakes(Page.Truth, FailureCodes.SslInvalidHostname, arm: ComparisonArms.Innocuous, name: "popular.example")
            .Shakes(Page.Truth, FailureCodes.ConnectionReset, arm: ComparisonArms.Target);
        page.Against(Controls).Is(Outcome.Artefact, Mechanisms.TlsResetSni);
        Page[] uncompared = [.. Controls.Select(c =>
        {
            c.Facts.Tls.Remove(c.Facts.Tls.Single(h => h.Arm == ComparisonArms.Innocuous));
            return c;
        })];
        page.Against(uncompared).Is(Outcome.Anomaly, Mechanisms.TlsResetSni);
    }

    [Theory]
    [InlineData(FailureCodes.ConnectionReset, "", Mechanisms.HttpResetHost)]
    [InlineData(FailureCodes.GenericTimeout, "", Mechanisms.HttpTimeoutHost)]
    [InlineData(FailureCodes.ConnectionReset, FailureCodes.ConnectionReset, Mechanisms.HttpReset)]
    public void In_clear_text_the_host_is_compared(string failure, string innocuous, string mechanism)
    {
        const string site = "http://www.news.example/";
        var page = new Page(site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).GetFails(Page.Truth, failure)
            .Asked(ComparisonArms.Innocuous, innocuous).Asked(ComparisonArms.Target, failure);
        page.Against(Page.Reached(site).Asked(ComparisonArms.Innocuous, ""), Page.Reached(site)).Is(Outcome.Anomaly, mechanism);
        page.Against(Page.Reached(site), Page.Reached(site)).Is(Outcome.Anomaly, failure == FailureCodes.GenericTimeout ? Mechanisms.HttpTimeout : Mechanisms.HttpReset);
    }

    [Fact]
    public void Port_53_that_is_taken_for_every_name_makes_no_lie_of_an_unknown_address()
    {
        const string edge = "8.55.1.1";
        var page = Page.Reached(Site).NonResolver(edge);
        page.Against(Controls).Is(Outcome.Artefact, Mechanisms.DnsInjection);
        page.Facts.Network.DnsPath = NetworkStates.Intercepted;
        page.Against(Controls).Is(Outcome.Ok, Mechanisms.DnsHijack);
    }

    [Fact]
    public void A_forwarder_that_passes_on_two_answers_is_no_injector_unless_the_path_is_known_to_be_clean()
    {
        const string edge = "8.55.1.1";
        var page = Page.Reached(Site);
        var query = page.Facts.Dns.First(q => q.Engine == DnsEngines.System);
        var reply = new DnsReply();
        reply.Answers.Add(new DnsAnswer { Address = ByteString.CopyFrom(IPAddress.Parse(edge).GetAddressBytes()) });
        query.Replies.Insert(0, reply);
        page.Facts.Network.DnsPath = "";
        Assert.Equal(DiscardReasons.NoControl, page.Against(Controls).DiscardReason);
        page.Facts.Network.DnsPath = NetworkStates.None;
        page.Against(Controls).Is(Outcome.Artefact, Mechanisms.DnsInjectionRace);
    }

    static Page Quic(Page page, string failure)
    {
        page.Facts.Quic.Add(new QuicExchange
        {
            Address = ByteString.CopyFrom(IPAddress.Parse(Page.Truth).GetAddressBytes()),
            Port = 443,
            ServerName = page.Host,
            Failure = failure,
            Reply = failure.Length == 0 ? QuicReplies.ServerHello : "",
        });
        return page;
    }
}
