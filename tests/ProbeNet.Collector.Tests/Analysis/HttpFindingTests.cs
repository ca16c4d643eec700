using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class HttpFindingTests
{
    const string Site = "http://www.news.example/";
    const string Secure = "https://www.news.example/";
    static readonly Page[] Controls = [Page.Reached(Site), Page.Reached(Site)];
    static readonly Page[] SecureControls = [Page.Reached(Secure), Page.Reached(Secure)];

    static Page Connected => new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth);

    [Fact]
    public void The_same_page_in_clear_text_is_ok() => Page.Reached(Site).Against(Controls).Is(Outcome.Ok);

    [Fact]
    public void A_page_in_clear_text_proves_nothing_without_controls() =>
        Assert.Equal(DiscardReasons.NoControl, Page.Reached(Site).Against().DiscardReason);

    [Fact]
    public void A_blockpage_that_the_agent_recognised_is_an_artefact()
    {
        var finding = Connected.Gets(Page.Truth, 200, "blocked", fingerprint: "list_1").Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.HttpBlockpage);
        Assert.Equal([Artefacts.Blockpage], finding.Artefacts);
    }

    [Theory]
    [InlineData("fp", "KH")]
    [InlineData("isp", "RU")]
    public void A_fingerprint_known_as_no_blocking_or_of_elsewhere_is_not_one(string scope, string country)
    {
        var context = Judged.Context([Judged.Fingerprint("list_1", "body", "whatever", scope, "contains", country)]);
        Connected.Gets(Page.Truth, 200, Page.Content, fingerprint: "list_1").Against(context, Controls).Is(Outcome.Ok);
    }

    [Fact]
    public void A_redirect_to_a_known_blockpage_is_an_artefact()
    {
        var context = Judged.Context([Judged.Fingerprint("kh_2", "header.location", "http://block.", "isp", "prefix", "KH")]);
        Connected.Gets(new Uri(Site), Page.Truth, 302, "", location: "http://block.example/why").Against(context, Controls)
            .Is(Outcome.Artefact, Mechanisms.HttpRedirect);
    }

    [Fact]
    public void A_blockpage_behind_a_false_answer_is_the_resolvers()
    {
        var finding = new Page(Site).System(Page.Lie).Connects(Page.Lie).Gets(Page.Lie, 200, "blocked", fingerprint: "list_1").Against(Controls);
        finding.Is(Outcome.Artefact, Mechanisms.DnsInjectionBlockpage);
        Assert.Equal(Layers.Dns, finding.Layer);
    }

    [Theory]
    [InlineData(FailureCodes.ConnectionReset, Mechanisms.HttpReset)]
    [InlineData(FailureCodes.GenericTimeout, Mechanisms.HttpTimeout)]
    [InlineData(FailureCodes.EofError, Mechanisms.HttpEmpty)]
    public void A_request_that_only_fails_here_is_an_anomaly(string failure, string mechanism) =>
        Connected.GetFails(Page.Truth, failure).Against(Controls).Is(Outcome.Anomaly, mechanism);

    [Fact]
    public void A_request_that_fails_everywhere_is_down()
    {
        var page = Connected.GetFails(Page.Truth, FailureCodes.EofError);
        page.Against(page, page).Is(Outcome.Down);
    }

    [Fact]
    public void An_empty_page_is_an_anomaly() =>
        Connected.Gets(Page.Truth, 200, "").Against(Controls).Is(Outcome.Anomaly, Mechanisms.HttpEmpty);

    [Fact]
    public void A_different_page_that_other_names_have_as_well_is_a_blockpage()
    {
        var page = Connected.Gets(Page.Truth, 200, "this page is not available in this country, by order of the ministry of something");
        var alone = page.Judgement(Judged.Context(), Controls);
        alone.Finding.Is(Outcome.Anomaly, Layers.Http);
        page.Against(Judged.Context(null, Assert.Single(alone.Strays)), Controls).Is(Outcome.Artefact, Mechanisms.HttpBlockpage);
    }

    [Fact]
    public void A_redirect_to_somebody_else_that_controls_do_not_get_is_an_anomaly() =>
        Connected.Gets(new Uri(Site), Page.Truth, 302, "", location: "http://notice.isp.example/").Against(Controls).Is(Outcome.Anomaly, Mechanisms.HttpRedirect);

    [Theory]
    [InlineData(403)]
    [InlineData(451)]
    [InlineData(503)]
    public void An_error_under_a_valid_certificate_is_the_servers(int status)
    {
        var finding = new Page(Secure).System(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth, (uint)status, "no").Against(SecureControls);
        finding.Is(Outcome.Refused);
        Assert.Equal(Loci.Server, finding.Locus);
        Assert.Equal([$"status:{status}"], finding.Tokens);
    }

    [Fact]
    public void An_error_that_everybody_gets_is_no_refusal()
    {
        var page = new Page(Secure).System(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth, 404, "no");
        page.Against(page, page).Is(Outcome.Ok);
    }

    [Fact]
    public void A_challenge_in_clear_text_from_the_servers_own_edge_is_a_refusal()
    {
        Page[] controls = [.. Enumerable.Range(0, 2).Select(_ => new Page(Site).System(Page.Truth).Connects(Page.Truth).Gets(Page.Truth, headers: ("Server", "edge")))];
        Connected.Gets(Page.Truth, 503, "prove that you are human", headers: ("Server", "edge")).Against(controls).Is(Outcome.Refused);
    }

    [Fact]
    public void A_proxy_that_leaves_the_page_alone_is_listed_and_no_block() =>
        Connected.Gets(Page.Truth, headers: ("Via", "1.1 cache")).Against(Controls).Is(Outcome.Ok, Mechanisms.HttpHijack);

    [Fact]
    public void A_page_behind_an_address_that_only_others_gave_is_not_reached() =>
        new Page(Secure).SystemFails(FailureCodes.DnsNxdomain).Https(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth)
            .Nonexistent(FailureCodes.GenericTimeout).Against(SecureControls).Is(Outcome.Anomaly, Mechanisms.DnsNxdomain);

    [Fact]
    public void A_transparent_proxy_behind_a_false_answer_still_reaches_the_page() =>
        new Page(Secure).System(Page.Lie).Connects(Page.Lie).Shakes(Page.Lie).Gets(Page.Lie).Against(SecureControls).Is(Outcome.Ok);
}
