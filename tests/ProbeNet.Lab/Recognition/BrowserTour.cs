using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ProbeNet.Lab.Demo;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Recognition;

/// <summary>
/// One browser that opens page after page, each in a tab of its own. What it says of itself to its maker is turned off: that would
/// tell it from the agent without a look at the pages.
/// </summary>
sealed class BrowserTour : ITour
{
    static readonly IPEndPoint Debugging = new(IPAddress.Loopback, 9222);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), Look = TimeSpan.FromMilliseconds(500);
    readonly IReadOnlyList<(string Page, TimeSpan Gap)> _pages;
    readonly Process _browser;
    readonly HttpClient _client;

    BrowserTour(Host home, IReadOnlyList<(string Page, TimeSpan Gap)> pages)
    {
        _pages = pages;
        var profile = Directory.CreateDirectory(Path.Combine(Isolation.Directory, "browser-" + home.Name)).FullName;
        // The lab's authority is not among those that a browser carries; what is sent does not depend on it.
        _browser = ProgramOnHost.Start(home,
            [
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-default-apps", "--ignore-certificate-errors", $"--user-data-dir={profile}",
                $"--remote-debugging-port={Debugging.Port}", "about:blank",
            ],
            new Dictionary<string, string> { ["HOME"] = profile }, Path.Combine(Isolation.Directory, $"browser-{home.Name}.log"));
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = home.Tcp();
                await socket.ConnectAsync(Debugging, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri($"http://{Debugging}") };
    }

    /// <exception cref="DemoFailure">It did not start.</exception>
    public static async Task<BrowserTour> Begin(Host home, IReadOnlyList<(string Page, TimeSpan Gap)> pages)
    {
        var tour = new BrowserTour(home, pages);
        var watch = Stopwatch.StartNew();
        while (!await tour.Answers())
        {
            if (watch.Elapsed > Patience || tour._browser.HasExited)
                throw new DemoFailure($"{home.Name}: the browser did not start");
            await Task.Delay(Look);
        }
        return tour;
    }

    public async Task Run()
    {
        string? last = null;
        foreach (var (page, gap) in _pages)
        {
            var pause = Task.Delay(gap);
            using var opened = await _client.PutAsync($"/json/new?{Uri.EscapeDataString(page)}", null);
            opened.EnsureSuccessStatusCode();
            if (last is not null)
                using (await _client.GetAsync($"/json/close/{last}"))
                {
                }
            last = JsonDocument.Parse(await opened.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
            await pause;
        }
    }

    public void Dispose()
    {
        _browser.Kill(entireProcessTree: true);
        _browser.Dispose();
        _client.Dispose();
    }

    async Task<bool> Answers()
    {
        try
        {
            using var answer = await _client.GetAsync("/json/version");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
