using System.Runtime.Versioning;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Table;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>What censors do, with real packets, against what the collector's rules say of it.</summary>
[SupportedOSPlatform("linux")]
public sealed class LabScenarioTests
{
    // Without the long form, what a busy machine cannot make look like anything else: answers, not silences.
    const string Some = "dns-loopback,dns-private,dns-blockpage-clear,http-blockpage-gateway,site-captcha";
    const int Attempts = 3;

    [Fact]
    public async Task The_collector_finds_what_was_done()
    {
        var full = Environment.GetEnvironmentVariable("PROBENET_FULL") == "1";
        string[] size = full ? [] : ["--seeds", "1", "--only", Some];
        var (exit, output) = (1, "");
        // A machine so busy that references time out says nothing of the rules.
        for (var attempt = 0; attempt < (full ? 1 : Attempts) && exit != 0; attempt++)
            (exit, output) = await Shell.Run([LabProcess.Executable, "scenarios", .. size]);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public void Seventy_scenarios_or_more_have_the_result_of_their_first_run_kept()
    {
        var scenarios = Scenario.Load();
        var first = FirstResults.Load();
        Assert.Equal(scenarios.Count, scenarios.Select(one => one.Domain).Distinct(StringComparer.Ordinal).Count());
        Assert.All(scenarios, one => Assert.Equal(UriHostNameType.Dns, Uri.CheckHostName(one.Domain)));
        Assert.True(scenarios.Count(one => first.Of(one.Name, "alfa") != "-") >= 70);
    }
}
