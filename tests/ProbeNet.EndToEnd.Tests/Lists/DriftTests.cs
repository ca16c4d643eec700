using System.Runtime.Versioning;
using System.Text.Json;
using ProbeNet.EndToEnd.Tests.Field;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>What a changed list does to measuring is told from what a network does to a site: real agents, real packets.</summary>
[SupportedOSPlatform("linux")]
public sealed class DriftTests
{
    const string Plain = "https://citycouncil.example/", Slow = "https://tradebureau.example/", Blocked = "https://studentpress.example/";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    static readonly string[] Controls = ["control-1", "control-2"];
    static readonly string[] Isps = ["alfa", "bravo", "carol", "delta", "echo", "foxtrot"];

    // One of each provider stays behind: with fewer providers, no difference that chance cannot make.
    const int AtEach = 6, Lines = 3;

    [Fact]
    public async Task A_slow_site_halts_a_release_and_a_site_that_one_provider_blocks_does_not()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROBENET_FULL") == "1", "the long form: three releases in the lab");
        await using var country = await InhabitedCountry.StartAsync(withDatabase: true, withBroker: false, "drift");
        await country.ServeAsync(
            ("PROBENET_Collector__Rollout__Own", "00:00:05"), ("PROBENET_Collector__Rollout__Sixty", "00:01:00"), ("PROBENET_Collector__Rollout__ThreeHundred", "00:00:05"),
            ("PROBENET_Collector__Rollout__Runs", "3"), ("PROBENET_Collector__Intake__HeartbeatSeconds", "5"));
        var agents = new List<FieldAgent>();
        var homes = from isp in Isps from volunteer in Enumerable.Range(0, AtEach) select (Name: $"{isp}-{volunteer}", Host: $"{isp}-{1 + (volunteer % Lines)}", Role: "agent");
        foreach (var (name, host, role) in homes.Concat(Controls.Select(control => (control, control, "control"))))
        {
            var agent = new FieldAgent(country, name);
            await agent.EnrollAsync(host, await country.InviteAsync("--role", role, "--cc", "KH"));
            await agent.RunAsync(host, ("PROBENET_Agent__Schedule__Interval", "00:00:15"), ("PROBENET_Agent__Schedule__OtherInterval", "00:00:15"));
            agents.Add(agent);
        }
        Assert.Equal("complete", (await ReleaseAsync(country, Plain)).State);
        await MeasuredAsync(agents);

        var slow = await ReleaseAsync(country, Plain, Slow);
        Assert.True(slow.State == "halted", $"{slow}\n{await File.ReadAllTextAsync(Path.Combine(country.Logs, "collector.log"), TestContext.Current.CancellationToken)}");
        Assert.StartsWith("run time", slow.Reason, StringComparison.Ordinal);
        Assert.Equal(agents.Count - Isps.Length, slow.Admitted);

        await country.CollectAsync("list", "revert", InhabitedCountry.List);
        await MeasuredAsync(agents);
        var blocked = await ReleaseAsync(country, Plain, Blocked);
        Assert.True(blocked.State == "complete", $"{blocked}");
        Assert.Equal(agents.Count, blocked.Applied);
    }

    static async Task<(string State, string Reason, int Admitted, int Applied, string Comparisons)> ReleaseAsync(InhabitedCountry country, params string[] inputs)
    {
        await country.ReleaseListAsync(inputs);
        await country.TryCollectAsync("list", "status", InhabitedCountry.List, "--watch").WaitAsync(Patience, TestContext.Current.CancellationToken);
        using var status = JsonDocument.Parse(await country.CollectAsync("list", "status", InhabitedCountry.List, "--json"));
        var release = status.RootElement.EnumerateArray().MaxBy(one => one.GetProperty("version").GetInt64());
        return (release.GetProperty("state").GetString()!, release.GetProperty("reason").GetString()!, release.GetProperty("admitted").GetInt32(),
            release.GetProperty("counts").GetProperty("applied").GetInt32(), release.GetProperty("comparisons").GetRawText());
    }

    // What agents are compared with: runs of the list that all have.
    static Task MeasuredAsync(IReadOnlyCollection<FieldAgent> agents) => Task.WhenAll(agents.Select(agent =>
    {
        var before = agent.Status().Tally.Accepted;
        return agent.UntilAsync("measures with the list that all have", status => status.Tally.Accepted >= before + 5);
    }));
}
