using Microsoft.Playwright;
using ProbeNet.Testing;

namespace ProbeNet.Benchmarks.Reads;

/// <summary>A page in Debian's Chromium, each time in a browser that has seen nothing; the browser itself says when it painted.</summary>
static class FirstView
{
    const int Rounds = 11;

    // Milliseconds since the address was given; 0 before it has come to pass.
    const string Painted = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0";
    const string Loaded = "performance.getEntriesByType('navigation')[0].loadEventEnd";

    public static async Task<(Latencies Painted, Latencies Loaded)> TakeAsync(Uri page, CancellationToken ct)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, ChromiumSandbox = false, Args = Chromium.Arguments });
        var (painted, loaded) = (new List<TimeSpan>(), new List<TimeSpan>());
        // The browser's own start is not the page's.
        for (var round = -1; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
            var tab = await context.NewPageAsync();
            await tab.GotoAsync(page.ToString());
            var (paint, load) = (await TimeAsync(tab, Painted), await TimeAsync(tab, Loaded));
            if (round < 0)
                continue;
            painted.Add(paint);
            loaded.Add(load);
        }
        return (new(painted), new(loaded));
    }

    static async Task<TimeSpan> TimeAsync(IPage tab, string what)
    {
        var milliseconds = 0.0;
        await Eventually.TrueAsync(what, async () => (milliseconds = await tab.EvaluateAsync<double>(what)) > 0);
        return TimeSpan.FromMilliseconds(milliseconds);
    }
}
