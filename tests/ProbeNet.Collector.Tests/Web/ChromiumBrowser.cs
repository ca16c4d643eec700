using Microsoft.Playwright;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>Debian's Chromium, which asks nothing of the network by itself.</summary>
static class ChromiumBrowser
{
    /// <summary>Where pictures go: PROBENET_SCREENSHOTS, or a temporary directory.</summary>
    public static string Screenshots
    {
        get
        {
            var directory = Environment.GetEnvironmentVariable("PROBENET_SCREENSHOTS") is { Length: > 0 } named ? named : Path.Combine(Path.GetTempPath(), "probenet-screenshots");
            Directory.CreateDirectory(directory);
            return directory;
        }
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = "/usr/bin/chromium",
        Headless = true,
        ChromiumSandbox = false,
        Args = ["--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server", "--disable-background-networking", "--disable-component-update"],
    });
}
