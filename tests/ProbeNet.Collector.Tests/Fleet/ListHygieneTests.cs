using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Fleet;

public sealed class ListHygieneTests
{
    static readonly ControlSights Nothing = new(new HashSet<string>(), new HashSet<string>());

    [Fact]
    public void Cambodias_list_has_sixteen_sites_twice_conflicting_categories_and_platform_pages()
    {
        var found = ListHygiene.Of(CitizenLabLists.Draft(CitizenLabLists.Text("kh.csv"))).ToLookup(finding => finding.Finding);

        Assert.Equal(16, found[ListFindingKind.SiteTwice].Count());
        Assert.Equal(
            ["mlup-baitong.org", "ngoforum.org.kh", "opendevelopmentcambodia.net", "ponlokkhmer.org"],
            found[ListFindingKind.CategoryConflict].Select(finding => finding.Subject).Order(StringComparer.Ordinal));
        Assert.Equal(2, found[ListFindingKind.PlatformPage].Count(finding => finding.Subject.Contains("facebook.com", StringComparison.Ordinal)));
        Assert.Contains(found[ListFindingKind.Document], finding => finding.Subject.EndsWith(".pdf", StringComparison.Ordinal));
        Assert.Single(found[ListFindingKind.BlankNote]);
        Assert.Empty(found[ListFindingKind.UnknownCategory]);
        Assert.Equal(["DATE", "LGBT"], found[ListFindingKind.RiskyCategory].Select(finding => finding.Subject));
    }

    [Fact]
    public void Seven_lines_of_Cambodias_list_share_a_host_with_the_global_one()
    {
        var (kh, global) = (CitizenLabLists.Draft(CitizenLabLists.Text("kh.csv")).List, CitizenLabLists.Draft(CitizenLabLists.Text("global.csv")).List);
        var both = kh.Entries.Concat(global.Entries).ToList();
        var findings = ListHygiene.Of(new(new() { Entries = { both } }, new())).Where(finding => finding.Finding == ListFindingKind.SiteTwice).ToList();

        var ofGlobal = global.Entries.Select(entry => SiteKey.Of(entry.Input)).ToHashSet();
        Assert.Equal(7, kh.Entries.Count(entry => ofGlobal.Contains(SiteKey.Of(entry.Input))));
        Assert.All(kh.Entries.Where(entry => ofGlobal.Contains(SiteKey.Of(entry.Input))), entry => Assert.Contains(findings, finding => finding.Subject == SiteKey.Of(entry.Input)));
    }

    [Theory]
    [InlineData("https://www.a.example/", "http://a.example/", true)]
    [InlineData("https://a.example/", "https://A.example:443/page", true)]
    [InlineData("https://a.example/", "https://news.a.example/", false)]
    [InlineData("https://www.example/", "https://example/", false)]
    public void A_site_is_its_host_without_scheme_and_www(string one, string other, bool same) => Assert.Equal(same, SiteKey.Of(one) == SiteKey.Of(other));

    [Theory]
    [InlineData("https://www.facebook.com/somebody/", true)]
    [InlineData("https://km.wikipedia.org/wiki/x", true)]
    [InlineData("https://www.facebook.com/", false)]
    [InlineData("https://notfacebook.com/somebody/", false)]
    public void A_page_inside_a_platform_is_named_and_the_platform_is_not(string input, bool named) =>
        Assert.Equal(named, Kinds(input).Contains(ListFindingKind.PlatformPage));

    [Theory]
    [InlineData("HTTPS://News.Example", "https://news.example/")]
    [InlineData("http://news.example:80/a?B=c#d", "http://news.example/a?B=c#d")]
    [InlineData("https://news.example?q", "https://news.example/?q")]
    [InlineData("https://news.example:80/", "https://news.example:80/")]
    [InlineData("http://ខ្មែរ.example/Page", "http://ខ្មែរ.example/Page")]
    public void An_input_is_written_in_one_way(string written, string taken) => Assert.Equal(taken, ListInput.Normalise(written));

    [Fact]
    public void What_was_written_otherwise_is_named()
    {
        var outcome = CitizenLabCsv.Read(new StringReader("url,category_code\nHTTPS://News.Example,NEWS\nhttps://news.example/,NEWS\n"));
        Assert.Equal(["line 2, column 1: HTTPS://News.Example is taken as https://news.example/", "line 3, column 1: https://news.example/ stands on line 2 already"], outcome.Remarks.Select(remark => remark.ToString()));
        Assert.Single(outcome.Entries);
    }

    [Fact]
    public void What_controls_saw_is_said_of_every_input_of_the_host()
    {
        var list = new TestList { Entries = { Entry("https://gone.example/"), Entry("https://gone.example/page"), Entry("https://sold.example/"), Entry("https://fine.example/") } };
        var findings = new ControlSights(new HashSet<string> { "gone.example" }, new HashSet<string> { "sold.example" }).Of(list);
        Assert.Equal(
            [(ListFindingKind.Dead, "https://gone.example/"), (ListFindingKind.Dead, "https://gone.example/page"), (ListFindingKind.Parked, "https://sold.example/")],
            findings.Select(finding => (finding.Finding, finding.Subject)));
    }

    [Theory]
    [InlineData("example.com is for sale | Buy this domain", "", true)]
    [InlineData("", "https://www.hugedomains.com/domain_profile.cfm?d=a", true)]
    [InlineData("A paper for the capital", "https://www.news.example/", false)]
    [InlineData("", "https://nothugedomains.com/", false)]
    public void A_page_of_those_who_trade_in_names_is_told(string title, string location, bool parked) =>
        Assert.Equal(parked, ParkedPage.Is(new() { Http = { new HttpExchange { Title = title, Location = location } } }));

    [Fact]
    public void A_list_without_fault_has_no_finding()
    {
        var list = new TestList { Licence = "CC0", Attribution = "us", Prefixes = { new Prefix() }, Entries = { Entry("https://a.example/"), Entry("http://b.example/page") } };
        Assert.Empty(ListCheck.Of(new(list, new()), Nothing));
    }

    static IEnumerable<ListFindingKind> Kinds(string input) => ListHygiene.Of(new(new() { Entries = { Entry(input) } }, new())).Select(finding => finding.Finding);

    static ListEntry Entry(string input) => new() { Input = input, CategoryCode = "NEWS" };
}
