using ProbeNet.Lab.Demo;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Recognition;

/// <summary>curl as people use it in scripts: a process a page.</summary>
sealed class CurlTour(Host home, IReadOnlyList<(string Page, TimeSpan Gap)> pages) : ITour
{
    public async Task Run()
    {
        string[] command = ["curl", "--silent", "--show-error", "--location", "--max-time", "20", "--cacert", Laboratory.RootCertificate, "--output", "/dev/null"];
        foreach (var (page, gap) in pages)
            await Task.WhenAll(FinishedProgram.Output(home, [.. command, page], new Dictionary<string, string>()), Task.Delay(gap));
    }

    public void Dispose()
    {
    }
}
