using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class DnsFindingTests
{
    const string Site = "https://www.news.example/";
    static readonly Page[] Controls = [Page.Reached(Site), Page.Reached(Site)];

    [Fact]
    public void A_page_that_everybody_reaches_is_ok() => Page.Reached(Site).Against(Controls).Is(Outcome.Ok);

    [Theory]
    [InlineData(FailureCodes.DnsNxdomain, Mechanisms.DnsNxdomain)]
    [InlineData(FailureCodes.DnsRefused, Mechanisms.DnsRefused)]
    [InlineData(FailureCodes.DnsServfail, Mechanisms.DnsServfail)]
    [InlineData(FailureCodes.DnsNoAnswer, Mechanisms.DnsEmpty)]
    public void A_denial_that_an_outside_resolver_does_not_share_contradicts_itself(string failure, string mechanism)
    {
        var finding = new Page(Site).SystemFails(failure).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth).Against(Controls);
        finding.Is(Outcome.Artefact, mechanism, Vias.Resolver);
        Assert.Equal([Artefacts.ResolverContradiction], finding.Artefacts);
    }

    [Fact]
    public void A_denial_without_any_outside_word_is_an_anomaly() =>
        new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Against(Controls).Is(Outcome.Anomaly, Mechanisms.DnsNxdomain, Vias.Unknown);

    [Fact]
    public void No_contradiction_where_names_that_do_not_exist_are_answered() =>
        new Page(Site).Nonexistent("", "9.9.9.1").SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth)
            .Gets(Page.Truth).Against(Controls).Is(Outcome.Anomaly, Mechanisms.DnsNxdomain);

    [Fact]
    public void A_resolver_contradiction_needs_no_control()
    {
        var finding = new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth).Against();
        finding.Is(Outcome.Artefact, Mechanisms.DnsNxdomain);
    }

    [Fact]
    public void A_resolver_that_is_silent_is_an_anomaly() =>
        new Page(Site).SystemFails(FailureCodes.GenericTimeout).SystemFails(FailureCodes.GenericTimeout).Outside(Page.Truth).Connects(Page.Truth)
            .Shakes(Page.Truth).Gets(Page.Truth).Against(Controls).Is(Outcome.Anomaly, Mechanisms.DnsTimeout, Vias.Resolver);

    [Theory]
    [InlineData("10.10.34.35")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("100.64.1.1")]
    public void An_answer_that_cannot_be_public_is_an_artefact(string address)
    {
        var finding = new Page(Site).System(address).Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.DnsInjectionBogon);
        Assert.Contains(Artefacts.Bogon, finding.Artefacts);
    }

    [Fact]
    public void A_name_that_is_local_everywhere_is_down()
    {
        var page = new Page(Site).System("127.0.0.1");
        page.Against(page, page).Is(Outcome.Down);
    }

    [Fact]
    public void A_name_that_nobody_resolves_is_down()
    {
        var page = new Page(Site).SystemFails(FailureCodes.DnsNxdomain).OutsideFails(FailureCodes.DnsNxdomain);
        page.Against(page, page).Is(Outcome.Down);
    }

    [Fact]
    public void A_known_blockpage_address_needs_no_control()
    {
        var context = Judged.Context([Judged.Fingerprint("kh_1", "dns", Page.Lie, countries: "KH")]);
        new Page(Site).System(Page.Lie).Connects(Page.Lie, FailureCodes.ConnectionRefused).Against(context)
            .Is(Outcome.Artefact, Mechanisms.DnsInjectionBlockpage);
    }

    [Theory]
    [InlineData("isp", "RU")]
    [InlineData("fp", "KH")]
    public void A_fingerprint_of_elsewhere_or_of_no_blocking_proves_nothing(string scope, string country)
    {
        var context = Judged.Context([Judged.Fingerprint("x", "dns", Page.Lie, scope, "full", country)]);
        var finding = new Page(Site).System(Page.Lie).Connects(Page.Lie, FailureCodes.ConnectionRefused).Against(context, Controls);
        finding.Is(Outcome.Anomaly, Mechanisms.DnsInjection);
    }

    [Fact]
    public void An_address_that_other_names_are_sent_to_as_well_is_a_sink()
    {
        var page = new Page(Site).System(Page.Lie).Connects(Page.Lie).Shakes(Page.Lie, FailureCodes.SslInvalidHostname, "box");
        var alone = page.Judgement(Judged.Context(), Controls);
        alone.Finding.Is(Outcome.Anomaly, Mechanisms.DnsInjection);
        Assert.Equal([$"address:{Page.Lie}"], alone.Strays);
        page.Against(Judged.Context(null, $"address:{Page.Lie}"), Controls).Is(Outcome.Artefact, Mechanisms.DnsInjectionSink);
    }

    [Fact]
    public void Another_edge_of_the_same_site_is_no_lie()
    {
        const string edge = "8.18.9.9";
        var finding = new Page(Site).System(edge).Outside(Page.Truth).Connects(edge).Shakes(edge).Gets(edge).Against(Controls);
        finding.Is(Outcome.Ok);
    }

    [Fact]
    public void An_edge_that_cannot_be_compared_says_nothing() =>
        new Page(Site).System("8.18.9.9").Outside("8.18.9.9").Connects("8.18.9.9", FailureCodes.GenericTimeout).Against(Controls).Is(Outcome.Discarded);

    [Fact]
    public void Two_replies_that_share_no_address_are_a_race()
    {
        var finding = new Page(Site).System(Page.Truth).Races(Page.Lie, Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth).Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.DnsInjectionRace, Vias.Path);
        Assert.Contains(Artefacts.Injected, finding.Artefacts);
    }

    [Fact]
    public void The_same_falsehood_from_every_resolver_in_clear_is_a_hijack()
    {
        var finding = new Page(Site).SystemFails(FailureCodes.DnsNxdomain).OutsideFails(FailureCodes.DnsNxdomain).Https(Page.Truth)
            .Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth).Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.DnsHijack, Vias.Path);
        Assert.Contains(finding.Mechanisms, m => m is { Name: Mechanisms.DnsNxdomain, Via: Vias.Path });
    }

    [Fact]
    public void A_false_reply_from_no_resolver_was_put_into_the_path()
    {
        var finding = new Page(Site).System(Page.Truth).NonResolver(Page.Lie).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth).Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.DnsInjection, Vias.Path);
    }

    [Fact]
    public void A_proxy_that_answers_truly_is_listed_and_no_block() =>
        Page.Reached(Site).NonResolver(Page.Truth).Against(Controls).Is(Outcome.Ok, Mechanisms.DnsHijack);

    [Fact]
    public void Rewriting_of_names_that_do_not_exist_is_never_a_block()
    {
        Page.Reached(Site).Nonexistent("", "9.9.9.1").Against(Controls).Is(Outcome.Ok, Mechanisms.DnsRewrite);
        var gone = new Page(Site).SystemFails(FailureCodes.DnsNxdomain);
        new Page(Site).Nonexistent("", "9.9.9.1").System("9.9.9.1").Against(gone, gone).Is(Outcome.Down, Mechanisms.DnsRewrite);
    }

    [Fact]
    public void A_blocked_resolver_over_https_says_nothing_of_the_site()
    {
        Page[] controls = [Page.Reached(Site).Https(Page.Truth), Page.Reached(Site).Https(Page.Truth)];
        Page.Reached(Site).HttpsFails(FailureCodes.ConnectionReset).Against(controls).Is(Outcome.Ok, Mechanisms.DnsDohBlocked);
    }

    [Fact]
    public void One_control_is_no_control() =>
        new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Against(Controls[0]).Is(Outcome.Discarded);

    [Fact]
    public void Controls_that_disagree_are_no_control()
    {
        var dead = new Page(Site).SystemFails(FailureCodes.DnsNxdomain);
        var finding = new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Against(Controls[0], dead);
        finding.Is(Outcome.Discarded);
        Assert.Equal(DiscardReasons.NoControl, finding.DiscardReason);
    }

    [Fact]
    public void A_control_whose_references_fail_is_no_control() =>
        new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Against(Controls[0], Page.Reached(Site).ReferenceFails()).Is(Outcome.Discarded);
}
