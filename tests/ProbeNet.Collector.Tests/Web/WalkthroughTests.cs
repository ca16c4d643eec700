using Microsoft.Playwright;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>The five questions of those who come to the pages, each answered by following links and by nothing else; the pictures are those of the walk-through.</summary>
public sealed class WalkthroughTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    [Fact]
    public async Task Five_questions_are_answered_from_the_pages_alone()
    {
        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(country.Web.Address);
        await JournalistAsync(page);
        await GroupAsync(await browser.PageAsync(country.Web.Address, new() { Locale = "km-KH" }));
        await ProviderAsync(page);
        await LawyerAsync(page);
        await ResearcherAsync(page);
        Assert.Empty(browser.Complaints);
    }

    // Is it blocked, where, since when, may I quote it?
    static async Task JournalistAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.Locator("table.facts a[href^='/events/']").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What can be said of each provider" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tr").Filter(new() { HasText = "Confirmed" }).First).ToContainTextAsync(" of 8");
        await Assertions.Expect(page.Locator("h2 + .scroll tbody tr td").Nth(0)).ToContainTextAsync("2026-03-");
        await Assertions.Expect(page.Locator("section.document")).ToContainTextAsync("CC BY 4.0");
        await Assertions.Expect(page.Locator("a.chart-file")).ToHaveCountAsync(1);
        await ShootAsync(page, "journalist");
    }

    // Is it our site, at which providers, in our language?
    static async Task GroupAsync(IPage page)
    {
        await page.GotoAsync("/matrix?cc=XA");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "km");
        await page.Locator("tr").Filter(new() { Has = page.Locator("td.blocked") }).First.Locator("a.domain").ClickAsync();
        await Assertions.Expect(page.Locator("svg rect.blocked").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tr .state.blocked").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("link[type='application/atom+xml']")).ToHaveCountAsync(1);
        await ShootAsync(page, "group");
    }

    // Did my network do it, how, and where do I answer?
    static async Task ProviderAsync(IPage page)
    {
        await page.GotoAsync("/isps?cc=XA");
        await page.Locator("tr").Filter(new() { HasText = "3-5" }).Locator("th a").First.ClickAsync();
        await Assertions.Expect(page.Locator("td.mechanism").First).ToBeVisibleAsync();
        await ShootAsync(page, "provider");
        await page.Locator("td.number a[href^='/cells/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("ol.steps li").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Corrections" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Corrections");
        await page.GotoAsync("/attribution/XA");
        await Assertions.Expect(page.Locator("section.document tr").Filter(new() { HasText = "Reply" })).ToContainTextAsync("named no address");
    }

    // Will it stand up? What is seen by whom, under which rules; evidence is for those with a key.
    async Task LawyerAsync(IPage page)
    {
        await page.GotoAsync("/sign-in");
        await page.Locator("input[name=key]").FillAsync(country.AnalystKey);
        await page.Locator("main button").ClickAsync();
        await page.GotoAsync("/measurements?cc=KH&domain=www.news.example&asn=64501&since=2026-03-21&until=2026-03-22");
        await page.Locator("main td a[href^='/measurements/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("a[href$='/evidence']")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("probenet-collector verify");
        await ShootAsync(page, "lawyer");
        await page.Locator("header button").ClickAsync();
        await Assertions.Expect(page.Locator("header .sign")).ToContainTextAsync("sign in");
    }

    // Can I redo it? Numbers by axes of one's choice, the same as data, the rules, an address that stays.
    static async Task ResearcherAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Explore" }).ClickAsync();
        await page.Locator("select[name=axis_x]").SelectOptionAsync("asn");
        await page.Locator("select[name=axis_y]").SelectOptionAsync("mechanism");
        await page.Locator("select[name=cc]").SelectOptionAsync("XA");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator("table.matrix tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("a[href^='/api/v1/aggregation']")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("a[href='/api/v1/methods']")).ToHaveCountAsync(1);
        await ShootAsync(page, "researcher");
        var rows = await page.Locator("table.matrix").InnerTextAsync();
        await page.Locator("section.document a").First.ClickAsync();
        await Assertions.Expect(page.Locator("table.matrix")).ToHaveTextAsync(rows, new() { UseInnerText = true });
    }

    static async Task ShootAsync(IPage page, string name) => await page.ScreenshotAsync(new() { Path = Path.Combine(TestBrowser.Screenshots, name + ".png") });
}
