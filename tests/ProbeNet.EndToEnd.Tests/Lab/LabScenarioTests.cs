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
    // No accusation for the CAPTCHA, the hijacks shown, a finding where a control is censored.
    const string SomeOfOoni = "site-captcha-clear,dns-hijack-proxy,only-a-control-is-censored";
    const int Attempts = 3;

    static readonly Dictionary<string, string> Injectors = new(StringComparer.Ordinal)
    {
        ["dns-race-bogon-gateway"] = "gateway",
        ["dns-race-copied-ttl-gateway"] = "unknown",
        ["dns-race-bogon-isp"] = "isp",
    };

    static bool IsFull => Environment.GetEnvironmentVariable("PROBENET_FULL") == "1";

    [Fact]
    public async Task The_collector_finds_what_was_done()
    {
        string[] size = IsFull ? [] : ["--seeds", "1", "--only", Some];
        var (exit, output) = (1, "");
        // A machine so busy that references time out says nothing of the rules.
        for (var attempt = 0; attempt < (IsFull ? 1 : Attempts) && exit != 0; attempt++)
            (exit, output) = await Shell.Run([LabProcess.Executable, "scenarios", .. size]);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task Cases_of_OONI_are_decided_as_is_true()
    {
        string[] size = IsFull ? [] : ["--only", SomeOfOoni];
        var (exit, output) = await Shell.Run([LabProcess.Executable, "scenarios", "--ooni", "--seeds", "1", .. size]);
        Assert.True(exit == 0, output);
        Assert.Contains($"decided as is true, in every cell: {(IsFull ? "50 of 50" : "5 of 5")} cases", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_injector_is_placed_where_it_sits_and_one_that_copies_the_ttl_nowhere()
    {
        var record = Path.GetTempFileName();
        try
        {
            var (exit, output) = await Shell.Run([LabProcess.Executable, "scenarios", "--seeds", "1", "--only", string.Join(',', Injectors.Keys), "--record", record]);
            Assert.True(exit == 0, output);
            var places = File.ReadLines(record).Skip(1).Select(line => line.Split(',')).ToLookup(columns => columns[0], columns => columns[5], StringComparer.Ordinal);
            foreach (var (scenario, place) in Injectors)
                Assert.Equal([place, place, place], places[scenario]);
        }
        finally
        {
            File.Delete(record);
        }
    }

    [Fact]
    public void Every_case_of_OONI_is_rebuilt()
    {
        var cases = OoniCase.Load();
        var rebuilt = Scenario.Load().SelectMany(one => one.Ooni).ToHashSet();
        Assert.Equal(Enumerable.Range(1, 50), cases.Select(one => one.Number));
        Assert.All(cases, one => Assert.Contains(one.Number, rebuilt));
        Assert.Equal(26, cases.Count(one => one.Truth == OoniTruth.Censored));
        Assert.Equal(10, cases.Count(one => one.OoniMisses == "mechanism"));
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
