using Microsoft.Playwright;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api;
using ProbeNet.Protos;
using Xunit;
using TestList = ProbeNet.Protos.V1.TestList;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>The matrix and what it leads to in a real browser.</summary>
public sealed class BrowserTests
{
    const string Banner = "Everything here is invented: providers, sites and volunteers.";

    const string Table = "Providers: an invented table (PDDL 1.0)";

    static readonly string[] Sites = ["https://daily.example/", "https://open.example/", "https://rights.example/", "https://voice.example/", "https://video.example/"];

    [Fact]
    public async Task The_matrix_opens_the_reasons_of_a_cell_and_for_analysts_its_measurements()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        var about = new TestList { Attribution = "Invented List Makers", Licence = "CC BY-NC-SA 4.0" };
        await ground.ListAsync(about, [.. Sites.Select(site => (site, new Uri(site).Host, false))]);
        await FillAsync(ground);
        await using var web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00", "Collector:Web:Banner=" + Banner, "Collector:Web:Attributions:0=" + Table);
        var key = await web.KeyAsync(ApiRole.Analyst);

        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(web.Address);

        await page.GotoAsync("/matrix");
        Assert.Equal(Banner, await page.Locator(".banner").InnerTextAsync());
        var footer = await page.Locator("footer").InnerTextAsync();
        Assert.Contains("CC BY 4.0", footer, StringComparison.Ordinal);
        Assert.Contains(Table, footer, StringComparison.Ordinal);
        Assert.Contains("Test list kh version 1: Invented List Makers (CC BY-NC-SA 4.0)", footer, StringComparison.Ordinal);
        Assert.Equal(5, await page.Locator("table.matrix tbody tr").CountAsync());
        Assert.Equal(20, await page.Locator("table.matrix td").CountAsync());
        Assert.Equal(5, await page.Locator("table.matrix td.insufficient").CountAsync());
        var blocked = page.Locator("table.matrix td.blocked").First;
        Assert.Contains("■", await blocked.InnerTextAsync(), StringComparison.Ordinal);
        Assert.NotEqual(await BackgroundAsync(blocked), await BackgroundAsync(page.Locator("table.matrix td.insufficient").First));
        await TestBrowser.PictureAsync(page, "matrix", "table.matrix", height: 420);

        await blocked.Locator("a").ClickAsync();
        Assert.Contains("at Invented Provider", await page.Locator("h1").InnerTextAsync(), StringComparison.Ordinal);
        Assert.NotEqual(0, await page.Locator(".steps li").CountAsync());
        Assert.Equal(0, await page.Locator("a[href^='/measurements']").CountAsync());
        Assert.Empty(await page.Context.CookiesAsync());

        await page.GotoAsync("/sign-in");
        await page.Locator("input[name=key]").FillAsync(key);
        await page.Locator("main button").ClickAsync();
        Assert.True((await page.Context.CookiesAsync()).Single() is { HttpOnly: true, SameSite: SameSiteAttribute.Strict });
        await page.GotoAsync("/matrix");
        await page.Locator("table.matrix td.blocked a").First.ClickAsync();
        await page.Locator("main a[href^='/measurements?']").ClickAsync();
        await page.Locator("main td a[href^='/measurements/']").First.ClickAsync();
        Assert.Contains("Measurement of", await page.Locator("h1").InnerTextAsync(), StringComparison.Ordinal);
        var name = page.Locator("[aria-label='Layer by layer'] tbody tr").First.Locator("td");
        Assert.Contains(FailureCodes.DnsNxdomain, await name.First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(Page.Truth, await name.Last.InnerTextAsync(), StringComparison.Ordinal);
        await TestBrowser.PictureAsync(page, "measurement", height: 900);
        await page.Locator("header button").ClickAsync();
        Assert.Empty(await page.Context.CookiesAsync());

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.GotoAsync("/matrix?cc=KH&state=blocked&category_code=POLR");
        Assert.Contains("does not mean that nothing is blocked", await page.Locator(".empty").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    static Task<string> BackgroundAsync(ILocator cell) => cell.EvaluateAsync<string>("cell => getComputedStyle(cell).background");

    static async Task FillAsync(AnalysisGround ground)
    {
        var controls = new[] { ground.Control(201, 64560), ground.Control(202, 64561) };
        foreach (var control in controls)
            foreach (var site in Sites)
                await ground.SeesAsync(control, site == Sites[4] ? Down(site) : Page.Reached(site), runs: 3);
        foreach (var isp in Enumerable.Range(1, 4))
            // At the fourth provider one volunteer is not enough to say anything.
            foreach (var volunteer in Enumerable.Range(1, isp == 4 ? 1 : 3))
            {
                var key = ground.Volunteer((byte)((10 * isp) + volunteer), asn: (uint)(64500 + isp));
                foreach (var site in Sites)
                    await ground.SeesAsync(key, Seen(isp, volunteer, site), runs: 3);
            }
        await ground.SettleAsync();
    }

    static Page Seen(int isp, int volunteer, string site) => (isp, Array.IndexOf(Sites, site)) switch
    {
        (_, 4) => Down(site),
        (1, 0 or 3) => InventedCountry.Denied(site),
        (2, 0) => new Page(site).System("10.10.34.34").Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth),
        (2, 2) or (3, 0) => new Page(site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.ConnectionReset),
        (3, 3) when volunteer == 1 => new Page(site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth, FailureCodes.GenericTimeout),
        _ => Page.Reached(site),
    };

    static Page Down(string site) => new Page(site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth, FailureCodes.GenericTimeout);
}
