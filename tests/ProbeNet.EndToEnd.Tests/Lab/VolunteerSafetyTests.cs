using System.Runtime.Versioning;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Interference;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>The agent as it is shipped, among liars that would harm its owner.</summary>
[SupportedOSPlatform("linux")]
public sealed class VolunteerSafetyTests : IDisposable
{
    const string AddressOfDelta = "11.4.1.10";
    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("probenet-home-");

    static string Agent => Path.Combine(AppContext.BaseDirectory, "probenet-agent");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_inside_the_home_is_noted_and_causes_no_packet()
    {
        await using var lab = await LabProcess.Start();
        await lab.Capture("bravo-1", "192.168.1.1");
        var seen = await Measure(lab, "bravo-1", "https://workersunion.example/");
        Assert.Contains("192.168.1.1", seen, StringComparison.Ordinal);
        Assert.Equal(0, await lab.Captured("bravo-1", "192.168.1.1"));
    }

    [Fact]
    public async Task What_a_block_page_knows_about_the_visitor_is_in_no_measurement()
    {
        await using var lab = await LabProcess.Start();
        var page = await Output(lab, "delta-1", ["curl", "-s", "http://oppositionforum.example/"], []);
        var account = PageReplaced.Account;
        // The page does show them: else the absence below would mean nothing.
        Assert.All([AddressOfDelta, PageReplaced.Telephone, account], secret => Assert.Contains(secret, page, StringComparison.Ordinal));

        var seen = await Measure(lab, "delta-1", "http://oppositionforum.example/");
        Assert.Contains("Access restricted", seen, StringComparison.Ordinal);
        Assert.All([AddressOfDelta, PageReplaced.Telephone, account], secret => Assert.DoesNotContain(secret, seen, StringComparison.Ordinal));
    }

    public void Dispose() => _home.Delete(recursive: true);

    Task<string> Measure(LabProcess lab, string host, string input) => Output(
        lab, host, [Agent, "measure", "--accept-risks", "--json", input], new()
        {
            ["PROBENET_Agent__StateDirectory"] = Path.Combine(_home.FullName, "state"),
            ["PROBENET_Agent__Probes__ResidualWait"] = "00:00:01",
            // Named ones replace the default, the system's with them: it is the system's that lies here.
            ["PROBENET_Agent__Resolvers__0"] = "system",
            ["PROBENET_Agent__Resolvers__1"] = "udp://11.208.8.8",
            ["PROBENET_Agent__NonResolver"] = "11.204.20.10",
            ["PROBENET_Agent__References__0"] = "https://weatherdesk.example/",
        });

    async Task<string> Output(LabProcess lab, string host, string[] command, Dictionary<string, string> environment)
    {
        var output = Path.Combine(_home.FullName, "output");
        var exit = await lab.Wait(await lab.Run(host, command, environment, output));
        var text = await File.ReadAllTextAsync(output, Cancel);
        Assert.True(exit == 0, text);
        return text;
    }
}
