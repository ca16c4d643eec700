using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api;
using ProbeNet.Collector.Tests.Rollout;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>The page on which an operator sees a release spread and stop, in a real browser.</summary>
public sealed class RolloutPageTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_sees_the_stages_who_has_it_and_why_it_was_halted()
    {
        var analysis = await AnalysisGround.OnPostgresAsync();
        await using var ground = await RolloutGround.StartAsync(volunteers: 40, shared: analysis.Store);
        await ground.ReleaseAsync(RolloutGround.Draft("https://first.example/"));
        await ground.LookAfterAsync(TimeSpan.FromMinutes(1), _ => 1);
        await ground.ReleaseAsync(RolloutGround.Draft("https://second.example/"));
        await ground.LookAfterAsync(TimeSpan.FromHours(1), agent => agent.Own ? 2ul : 1);
        await ground.ReportAsync((await ground.OfferedAsync(2)).Where(agent => !agent.Own).Take(1), 2, "list_too_large");
        await ground.Get<RolloutWorker>().LookAsync(Ct);
        await using var web = await WebGround.StartAsync(analysis);

        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(web.Address);
        await page.GotoAsync("/sign-in");
        await page.Locator("input[name=key]").FillAsync(await web.KeyAsync(ApiRole.Operator));
        await page.Locator("main button").ClickAsync();
        await page.Locator("header a[href='/rollouts']").ClickAsync();

        var halted = page.Locator("main section").Filter(new() { HasText = "kh version 2" });
        Assert.Equal("kh version 2: halted", await halted.Locator("h2").InnerTextAsync());
        Assert.Matches("^Halted: an agent of AS6450[0-3] did not take it: list_too_large$", await halted.Locator(".empty").InnerTextAsync());
        Assert.Equal(5, await halted.Locator("ol.stages li").CountAsync());
        Assert.Equal("own agents ✓", await halted.Locator("ol.stages li").First.InnerTextAsync());
        Assert.Contains("sixty, or one in twenty", await halted.Locator("ol.stages li[aria-current=step]").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("42 agents are meant: 2 have taken it, 1 refused, 0 are silent, 39 are still to come. 4 may have it now.", await halted.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Refused because: list_too_large (1).", await halted.InnerTextAsync(), StringComparison.Ordinal);
        // Four providers and the operator's own network, each with its line over time.
        Assert.Equal(5, await halted.Locator("table:has(svg) tbody tr").CountAsync());
        Assert.Equal("2 of 2", (await halted.Locator("svg[aria-label^='2 of 2']").GetAttributeAsync("aria-label"))![..6]);
        Assert.Equal(4, await halted.Locator("table:not(:has(svg)) tbody tr").CountAsync());
        Assert.Equal("kh version 1: everybody has it", await page.Locator("main section h2").Filter(new() { HasText = "version 1" }).InnerTextAsync());
        await TestBrowser.PictureAsync(page, "releases");
        Assert.Empty(browser.Complaints);
    }
}
