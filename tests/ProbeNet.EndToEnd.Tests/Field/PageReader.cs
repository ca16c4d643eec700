using System.Diagnostics;
using Microsoft.Playwright;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Field;

/// <summary>Somebody who begins at the front page and goes on by what can be clicked or typed there; nothing of an address is known to them.</summary>
sealed class PageReader : IAsyncDisposable
{
    /// <summary>What a person takes to look a page through and find where to go on; a guess on the long side, the same for all.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly IPlaywright _playwright;
    readonly IBrowser _browser;
    readonly Stopwatch _waited = new();

    PageReader(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, Page) = (playwright, browser, page);

    public IPage Page { get; }

    /// <summary>Pages looked at since the beginning.</summary>
    public int Pages { get; private set; }

    public int Clicks { get; private set; }

    /// <summary>For pages and files.</summary>
    public TimeSpan Waited => _waited.Elapsed;

    public static async Task<PageReader> BeginAsync(Uri collector)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, ChromiumSandbox = false, Args = Chromium.Arguments });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1120, Height = 640 }, Locale = "en-GB", AcceptDownloads = true });
        var reader = new PageReader(playwright, browser, page);
        await reader.ToAsync(() => page.GotoAsync(collector.ToString()));
        return reader;
    }

    /// <summary>Clicks what leads to another page.</summary>
    public Task GoAsync(ILocator link) => ToAsync(async () =>
    {
        var loaded = new TaskCompletionSource();
        void Loaded(object? sender, IPage page) => loaded.TrySetResult();
        Page.Load += Loaded;
        await link.First.ClickAsync();
        await loaded.Task.WaitAsync(Patience);
        Page.Load -= Loaded;
    });

    /// <summary>Clicks an entry above every page.</summary>
    public Task OpenAsync(string entry) => GoAsync(Page.Locator("nav").GetByText(entry, new() { Exact = true }));

    /// <summary>Clicks what is a file.</summary>
    /// <returns>Where it lies.</returns>
    public async Task<string> FetchAsync(ILocator link)
    {
        Clicks++;
        _waited.Start();
        var file = await Page.RunAndWaitForDownloadAsync(() => link.First.ClickAsync());
        var path = (await file.PathAsync())!;
        _waited.Stop();
        return path;
    }

    /// <summary>All of it stands on the page.</summary>
    public async Task SeesAsync(params string[] said)
    {
        var text = await Page.Locator("body").InnerTextAsync();
        Assert.All(said, one => Assert.Contains(one, text, StringComparison.Ordinal));
    }

    /// <param name="place">What the picture begins with; null for the top of the page.</param>
    public async Task PictureAsync(string name, ILocator? place = null)
    {
        if (place is not null)
            await place.First.EvaluateAsync("element => element.scrollIntoView({ block: 'start' })");
        await Pictures.KeepAsync(name, await Page.ScreenshotAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    async Task ToAsync(Func<Task> go)
    {
        if (Pages > 0)
            Clicks++;
        _waited.Start();
        await go();
        _waited.Stop();
        Pages++;
    }
}
