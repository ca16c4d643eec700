using Microsoft.Playwright;
using ProbeNet.Testing;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>Debian's Chromium on one collector's pages; whatever it complains of is kept.</summary>
sealed class TestBrowser : IAsyncDisposable
{
    readonly IPlaywright _playwright;
    readonly IBrowser _browser;

    TestBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Console messages, errors, breaches of the content policy, and requests to anybody else.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<TestBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Headless = true, ChromiumSandbox = false, Args = Chromium.Arguments }));
    }

    public async Task<IPage> PageAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        var context = await _browser.NewContextAsync(new(options ?? new()) { BaseURL = address.ToString(), ViewportSize = options?.ViewportSize ?? new() { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            // Hints for authors of password forms; everything else counts.
            if (message.Type is not ("verbose" or "debug"))
                Complaints.Add($"{page.Url}: {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => Complaints.Add($"{page.Url}: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal))
                Complaints.Add("asked elsewhere: " + request.Url);
        };
        return page;
    }

    /// <summary>A picture for the documentation of what is to be seen at a place of the page; null for its beginning.</summary>
    public static async Task PictureAsync(IPage page, string name, string? place = null, int height = 640)
    {
        await page.SetViewportSizeAsync(1120, height);
        if (place is not null)
            await page.Locator(place).First.EvaluateAsync("element => element.scrollIntoView({ block: 'start' })");
        await Pictures.KeepAsync(name, await page.ScreenshotAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
