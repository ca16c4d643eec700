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
    static readonly string[] Homes = [.. from isp in new[] { "alfa", "bravo", "carol", "delta" } from line in Enumerable.Range(1, 3) select $"{isp}-{line}"];

    /// <param name="withControls">Then the operator's own agents have a list before any volunteer.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_site_halts_a_release_and_a_site_that_one_provider_blocks_does_not(bool withControls)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROBENET_FULL") == "1", "the long form: three releases in the lab");
        await using var country = await InhabitedCountry.StartAsync(withDatabase: true, withBroker: false, "drift");
        await country.ServeAsync(
            ("PROBENET_Collector__Rollout__Own", "00:00:20"), ("PROBENET_Collector__Rollout__Sixty", "00:00:20"), ("PROBENET_Collector__Rollout__ThreeHundred", "00:00:20"),
            ("PROBENET_Collector__Rollout__Runs", "3"), ("PROBENET_Collector__Intake__HeartbeatSeconds", "5"));
        var agents = new List<FieldAgent>();
        foreach (var host in withControls ? [.. Controls, .. Homes] : Homes)
        {
            var agent = new FieldAgent(country, host);
            await agent.EnrollAsync(host, await country.InviteAsync(Controls.Contains(host) ? ["--role", "control"] : ["--cc", "KH"]));
            await agent.RunAsync(host);
            agents.Add(agent);
        }
        Assert.Equal("complete", (await ReleaseAsync(country, Plain)).State);
        await MeasuredAsync(agents);

        var slow = await ReleaseAsync(country, Plain, Slow);
        Assert.Equal("halted", slow.State);
        Assert.StartsWith("run time", slow.Reason, StringComparison.Ordinal);
        // The operator's own agents found it out before any volunteer had it; else the homes that were first did.
        Assert.Equal(withControls ? Controls.Length : Homes.Length - 4, slow.Admitted);

        await country.CollectAsync("list", "revert", InhabitedCountry.List);
        await MeasuredAsync(agents);
        var blocked = await ReleaseAsync(country, Plain, Blocked);
        Assert.Equal(("complete", agents.Count), (blocked.State, blocked.Applied));
    }

    static async Task<(string State, string Reason, int Admitted, int Applied)> ReleaseAsync(InhabitedCountry country, params string[] inputs)
    {
        await country.ReleaseListAsync(inputs);
        await country.TryCollectAsync("list", "status", InhabitedCountry.List, "--watch").WaitAsync(Patience, TestContext.Current.CancellationToken);
        using var status = JsonDocument.Parse(await country.CollectAsync("list", "status", InhabitedCountry.List, "--json"));
        var release = status.RootElement.ValueKind == JsonValueKind.Array ? status.RootElement[0] : status.RootElement;
        return (release.GetProperty("state").GetString()!, release.GetProperty("reason").GetString()!, release.GetProperty("admitted").GetInt32(),
            release.GetProperty("counts").GetProperty("applied").GetInt32());
    }

    // What agents are compared with: runs of the list that all have.
    static Task MeasuredAsync(IReadOnlyCollection<FieldAgent> agents) => Task.WhenAll(agents.Select(agent =>
    {
        var before = agent.Status().Tally.Accepted;
        return agent.UntilAsync("measures with the list that all have", status => status.Tally.Accepted >= before + 5);
    }));
}
