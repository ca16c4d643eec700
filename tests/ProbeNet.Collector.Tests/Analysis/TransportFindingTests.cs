using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class TransportFindingTests
{
    const string Site = "https://www.news.example/";
    static readonly Page[] Controls = [Page.Reached(Site), Page.Reached(Site)];

    static Page Resolved => new Page(Site).System(Page.Truth).Outside(Page.Truth);

    [Theory]
    [InlineData(FailureCodes.GenericTimeout, Mechanisms.TcpTimeout)]
    [InlineData(FailureCodes.ConnectionReset, Mechanisms.TcpReset)]
    [InlineData(FailureCodes.ConnectionRefused, Mechanisms.TcpRefused)]
    [InlineData(FailureCodes.HostUnreachable, Mechanisms.IpUnreachable)]
    [InlineData(FailureCodes.NetworkUnreachable, Mechanisms.IpUnreachable)]
    public void No_connection_where_controls_connect_is_an_anomaly(string failure, string mechanism)
    {
        var finding = Resolved.Connects(Page.Truth, failure).Against(Controls);
        finding.Is(Outcome.Anomaly, mechanism);
        Assert.Equal(Layers.Tcp, finding.Layer);
    }

    [Fact]
    public void No_connection_anywhere_is_down()
    {
        var page = Resolved.Connects(Page.Truth, FailureCodes.ConnectionRefused);
        page.Against(page, page).Is(Outcome.Down);
    }

    [Fact]
    public void One_dead_address_of_two_does_not_hide_that_the_page_is_reached()
    {
        const string other = "8.18.1.2";
        Page[] controls = [.. Enumerable.Range(0, 2).Select(_ => Page.Reached(Site).System(other).Connects(other).Shakes(other))];
        Page.Reached(Site).System(other).Connects(other, FailureCodes.GenericTimeout).Against(controls).Is(Outcome.Ok, Mechanisms.TcpTimeout);
    }

    [Fact]
    public void IPv6_that_the_line_lacks_says_nothing()
    {
        const string address = "2a00:1450:4001:811::200e";
        Page[] controls = [.. Enumerable.Range(0, 2).Select(_ => Page.Reached(Site).System(address).Connects(address))];
        Page.Reached(Site).System(address).Connects(address, FailureCodes.NetworkUnreachable).Against(controls).Is(Outcome.Ok);
    }

    [Theory]
    [InlineData(FailureCodes.ConnectionReset, Mechanisms.TlsReset, Mechanisms.TlsResetSni)]
    [InlineData(FailureCodes.GenericTimeout, Mechanisms.TlsTimeout, Mechanisms.TlsTimeoutSni)]
    [InlineData(FailureCodes.EofError, Mechanisms.TlsClose, Mechanisms.TlsCloseSni)]
    public void Only_a_positive_comparison_blames_the_name(string failure, string plain, string byName)
    {
        var page = Resolved.Connects(Page.Truth).Shakes(Page.Truth, failure);
        page.Against(Controls).Is(Outcome.Anomaly, plain);

        page.Shakes(Page.Truth, FailureCodes.SslInvalidHostname, arm: ComparisonArms.Innocuous, name: "popular.example")
            .Shakes(Page.Truth, failure, arm: ComparisonArms.Target);
        var finding = page.Against(Controls);
        finding.Is(Outcome.Artefact, byName);
        Assert.Equal([Artefacts.SniComparison], finding.Artefacts);
        Assert.DoesNotContain(finding.Mechanisms, m => m.Name == plain);
    }

    [Fact]
    public void A_comparison_that_fails_for_both_names_blames_no_name() =>
        Resolved.Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.ConnectionReset)
            .Shakes(Page.Truth, FailureCodes.ConnectionReset, arm: ComparisonArms.Innocuous, name: "popular.example")
            .Against(Controls).Is(Outcome.Anomaly, Mechanisms.TlsReset);

    [Fact]
    public void The_first_outcome_that_is_not_silence_counts()
    {
        var page = Resolved.Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.ConnectionReset).Shakes(Page.Truth, FailureCodes.GenericTimeout);
        page.Facts.Tls[1].Attempt = 1;
        page.Against(Controls).Is(Outcome.Anomaly, Mechanisms.TlsReset);
    }

    [Fact]
    public void An_alert_is_named()
    {
        var page = Resolved.Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.SslHandshakeFailed, "");
        page.Facts.Tls[0].Alert = 112;
        page.Against(Controls).Is(Outcome.Anomaly, Mechanisms.TlsAlert);
    }

    [Theory]
    [InlineData(1, Mechanisms.TlsMitmSelfSigned)]
    [InlineData(2, Mechanisms.TlsMitmCaSigned)]
    public void An_invalid_certificate_that_no_control_has_seen_is_false(int length, string mechanism)
    {
        var page = Resolved.Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.SslUnknownAuthority, "box");
        if (length == 2)
            page.Facts.Tls[0].Chain.Add(page.Facts.Tls[0].Chain[0]);
        var finding = page.Against(Controls);
        finding.Is(Outcome.Artefact, mechanism);
        Assert.Equal([Artefacts.FalseCertificate], finding.Artefacts);
    }

    [Fact]
    public void What_the_certificate_itself_says_decides_who_signed_it()
    {
        var page = Resolved.Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.SslUnknownAuthority, "box");
        var hash = Convert.ToHexStringLower(page.Facts.Tls[0].Chain[0].Span);
        var context = Judged.Context() with { Certificates = new Dictionary<string, CertificateFacts>(StringComparer.Ordinal) { [hash] = new("CN=Box", SelfSigned: false) } };
        var finding = page.Against(context, Controls);
        finding.Is(Outcome.Artefact, Mechanisms.TlsMitmCaSigned);
        Assert.Equal(["issuer:CN=Box"], finding.Tokens);
    }

    [Theory]
    [InlineData(FailureCodes.SslUnknownAuthority)]
    [InlineData(FailureCodes.SslInvalidCertificate)]
    [InlineData(FailureCodes.SslInvalidHostname)]
    public void A_certificate_that_is_bad_for_everybody_is_the_sites(string failure)
    {
        var page = Resolved.Connects(Page.Truth).Shakes(Page.Truth, failure, "expired");
        page.Against(page, page).Is(Outcome.Down);
    }

    [Fact]
    public void A_genuine_certificate_that_is_refused_here_is_no_evidence() =>
        Resolved.Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.SslInvalidCertificate).Against(Controls).Is(Outcome.Discarded);

    [Fact]
    public void A_false_answers_certificate_belongs_to_the_resolver()
    {
        var finding = new Page(Site).System(Page.Lie).Outside(Page.Truth).Connects(Page.Lie).Shakes(Page.Lie, FailureCodes.SslInvalidHostname, "box")
            .Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth).Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.DnsInjection, Vias.Resolver);
        Assert.Equal(Layers.Dns, finding.Layer);
        Assert.DoesNotContain(finding.Mechanisms, m => m.Name.StartsWith("tls", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lie_and_a_reset_behind_it_are_both_named()
    {
        var finding = new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.ConnectionReset).Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.DnsNxdomain);
        Assert.Contains(finding.Mechanisms, m => m.Name == Mechanisms.TlsReset);
    }

    [Fact]
    public void A_run_whose_references_fail_proves_nothing()
    {
        var finding = Resolved.Connects(Page.Truth, FailureCodes.GenericTimeout).ReferenceFails().Against(Controls);
        finding.Is(Outcome.Discarded);
        Assert.Equal(DiscardReasons.ReferencesFailed, finding.DiscardReason);
    }

    [Fact]
    public void A_line_on_which_nothing_answers_is_down_itself()
    {
        var finding = new Page(Site).SystemFails(FailureCodes.GenericTimeout).ReferenceFails(3).Against(Controls);
        Assert.Equal(DiscardReasons.NetworkDown, finding.DiscardReason);
    }

    [Fact]
    public void A_failure_without_references_proves_nothing()
    {
        var finding = new Page(Site, references: false).System(Page.Truth).Connects(Page.Truth, FailureCodes.GenericTimeout).Against(Controls);
        Assert.Equal(DiscardReasons.ReferencesFailed, finding.DiscardReason);
    }

    [Fact]
    public void A_valid_certificate_proves_itself_without_controls() => Page.Reached(Site).Against().Is(Outcome.Ok);

    [Fact]
    public void A_failure_without_controls_proves_nothing() =>
        Assert.Equal(DiscardReasons.NoControl, Resolved.Connects(Page.Truth, FailureCodes.GenericTimeout).Against().DiscardReason);
}
