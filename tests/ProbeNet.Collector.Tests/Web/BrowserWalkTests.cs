using System.Text.Json;
using Microsoft.Playwright;
using ProbeNet.Collector.Store;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>Every page in a real browser: by keyboard alone, dark and in Khmer, at 200 % zoom; no complaint of the browser, none of axe-core.</summary>
public sealed class BrowserWalkTests(MovedCountry country) : IClassFixture<MovedCountry>
{
    // At 200 % a window of 1280 x 900 has room for this.
    static readonly ViewportSize Zoomed = new() { Width = 640, Height = 450 };

    [Fact]
    public async Task Pages_hold_without_a_mouse_in_the_dark_in_Khmer_and_enlarged()
    {
        await using var browser = await TestBrowser.StartAsync();
        var paths = await PathsAsync();
        var page = await browser.PageAsync(country.Web.Address);
        foreach (var path in paths)
        {
            await page.GotoAsync(path);
            await ByKeyboardAsync(page);
        }
        await PicturesAsync(page, paths);
        await NavigateByKeyboardAsync(page);
        var dark = await browser.PageAsync(country.Web.Address, new() { Locale = "km-KH", ColorScheme = ColorScheme.Dark });
        foreach (var path in paths)
        {
            await dark.GotoAsync(path);
            Assert.Equal("km", await dark.Locator("html").GetAttributeAsync("lang"));
            Assert.Equal("rgb(17, 24, 39)", await dark.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor"));
        }
        var large = await browser.PageAsync(country.Web.Address, new() { ViewportSize = Zoomed, DeviceScaleFactor = 2 });
        foreach (var path in paths)
        {
            await large.GotoAsync(path);
            Assert.True(await large.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{path} is wider than the window");
        }
        await SignedInAsync(page);
        foreach (var path in paths.Concat(["/measurements", "/ooni", "/rollouts"]))
            await page.GotoAsync(path);
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light, "en-GB")]
    [InlineData(ColorScheme.Dark, "km-KH")]
    public async Task Axe_finds_nothing(ColorScheme scheme, string locale)
    {
        var folder = NpmFolder.Of("axe") ?? throw new ServerMissingException("axe-core is not installed (tests/install)");
        var axe = await File.ReadAllTextAsync(Path.Combine(folder, "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken);
        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(country.Web.Address, new() { ColorScheme = scheme, Locale = locale });
        var found = new List<string>();
        foreach (var path in await PathsAsync())
        {
            await page.GotoAsync(path);
            // The table twins too.
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(twin => twin.open = true)");
            await page.EvaluateAsync(axe);
            var result = await page.EvaluateAsync<JsonElement>("axe.run(document, { preload: false, resultTypes: ['violations'] })");
            found.AddRange(result.GetProperty("violations").EnumerateArray()
                .Select(one => $"{path}: {one.GetProperty("id").GetString()}: {one.GetProperty("nodes")[0].GetProperty("html").GetString()} {one.GetProperty("nodes")[0].GetProperty("failureSummary").GetString()}"));
        }
        Assert.Empty(found);
    }

    async Task<string[]> PathsAsync()
    {
        var web = country.Web;
        var id = (string)(await web.JsonAsync("/api/v1/events?cc=XA"))["items"]![0]!["id"]!;
        var target = (string)(await web.JsonAsync("/api/v1/attribution/XA"))["targets"]![0]!["domain"]!;
        return
        [
            "/", "/matrix?cc=XA&sort=differs", "/events", "/events/" + id, "/attribution/XA", "/cells/XA/" + target, $"/cells/XA/{target}/64501", "/isps", "/isps/AS64506", "/coverage?cc=XA",
            "/corrections?cc=XA", "/explore?cc=XA&axis_x=time&axis_y=asn&since=2026-04-05&until=2026-04-30", "/dumps", "/matrix?cc=XA&compare=2026-03-10", "/sign-in", "/matrix?cc=XB",
        ];
    }

    static async Task PicturesAsync(IPage page, string[] paths)
    {
        foreach (var path in paths)
        {
            await page.GotoAsync(path);
            foreach (var (name, place) in PicturesOf(path))
                await TestBrowser.PictureAsync(page, name, place);
        }
    }

    static (string Name, string? Place)[] PicturesOf(string path) => path.Split('?')[0].Split('/') switch
    {
        ["", ""] => [("overview", null)],
        ["", "cells", _, _] => [("timeline", "h2:has-text('Day by day')")],
        ["", "events", _] => [("event", null)],
        ["", "isps", _] => [("provider", null)],
        ["", "attribution", _] => [("attribution", null), ("moves", "h2:has-text('Moves over time')")],
        ["", ("coverage" or "explore") and var name] => [(name, null)],
        _ => [],
    };

    // The first stop leads past the navigation; all that can be used can be reached, and shows where one is.
    static async Task ByKeyboardAsync(IPage page)
    {
        // The page for signing in begins in its field.
        if (await page.EvaluateAsync<string>("document.activeElement.tagName") != "INPUT")
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.Equal("skip", await page.EvaluateAsync<string>("document.activeElement.className"));
            await page.Keyboard.PressAsync("Enter");
            Assert.Equal("content", await page.EvaluateAsync<string>("document.activeElement.id"));
        }
        await page.Keyboard.PressAsync("Tab");
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement !== document.body && parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"), page.Url);
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, .scroll')].filter(e => e.tabIndex < 0).length"));
    }

    static async Task NavigateByKeyboardAsync(IPage page)
    {
        await page.GotoAsync("/");
        var links = await page.Locator("nav a").EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        // The last is the interface for programs.
        for (var i = 0; i < links.Length - 1; i++)
        {
            await page.GotoAsync("/");
            // Past the leap to the content and the name.
            for (var tab = 0; tab < i + 3; tab++)
                await page.Keyboard.PressAsync("Tab");
            Assert.Equal(links[i], await page.EvaluateAsync<string>("document.activeElement.href"));
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync(links[i]);
            // Waited for: where the link leads to the page that is shown, the address is right before the page is.
            await Assertions.Expect(page.Locator("nav a[aria-current=page]")).ToHaveCountAsync(1);
        }
    }

    async Task SignedInAsync(IPage page)
    {
        await page.GotoAsync("/sign-in");
        await page.Locator("input[name=key]").FillAsync(await country.Web.KeyAsync(ApiRole.Operator));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/");
    }
}
