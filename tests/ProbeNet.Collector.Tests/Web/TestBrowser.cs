using Microsoft.Playwright;
using ProbeNet.Testing;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>Debian's Chromium on one collector's pages; whatever it complains of is kept.</summary>
sealed class TestBrowser : IAsyncDisposable
{
    const string Chromium = "/usr/bin/chromium";

    readonly IPlaywright _playwright;
    readonly IBrowser _browser;

    TestBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Console messages, errors, breaches of the content policy, and requests to anybody else.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>PROBENET_SCREENSHOTS names it for the pictures of the README.</summary>
    public static string Screenshots
    {
        get
        {
            var directory = Environment.GetEnvironmentVariable("PROBENET_SCREENSHOTS") is { Length: > 0 } named ? named : Path.Combine(Path.GetTempPath(), "probenet-screenshots");
            Directory.CreateDirectory(directory);
            return directory;
        }
    }

    public static async Task<TestBrowser> StartAsync()
    {
        if (!File.Exists(Chromium))
            throw new ServerMissingException("Chromium is not installed");
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Headless = true,
            ChromiumSandbox = false,
            Args = ["--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server", "--disable-background-networking", "--disable-component-update"],
        }));
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

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
