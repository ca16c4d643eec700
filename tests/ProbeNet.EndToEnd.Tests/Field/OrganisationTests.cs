using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Field;

/// <summary>
/// Twelve sites are blocked at four providers in six ways: by tools of each provider's own, by identical boxes inside each, by one box at
/// the gateway. Real agents measure, with localisation on; the collector says how the blocking is organised.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class OrganisationTests(ITestOutputHelper output)
{
    static readonly TimeSpan Due = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);
    static readonly string[] Isps = ["alfa", "bravo", "carol", "delta"];
    static readonly string[] Controls = ["control-1", "control-2"];
    static readonly string[] Claims = ["independent", "order", "hybrid", "gateway"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("order")]
    [InlineData("hybrid")]
    [InlineData("gateway")]
    public async Task How_the_blocking_is_organised_is_said_within_ten_minutes_of_the_first_measurement(string truth)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROBENET_FULL") == "1", "the long form: ten minutes each at most");
        await using var country = await InhabitedCountry.StartAsync(withDatabase: false, withBroker: false, truth);
        await country.ServeAsync();
        await country.ReleaseListAsync();
        var analyst = (await country.CollectAsync("keys", "create", "--role", "analyst")).TrimEnd().Split('\n')[^1].Trim();
        var controls = await country.InviteAsync("--role", "control", "--uses", "2");
        var volunteers = await country.InviteAsync("--uses", "8", "--cc", "KH");
        var agents = new List<(FieldAgent Agent, string Host)>();
        foreach (var host in Controls.Concat(Isps.SelectMany(isp => new[] { $"{isp}-1", $"{isp}-2" })))
        {
            var agent = new FieldAgent(country, host);
            var isControl = host.StartsWith("control", StringComparison.Ordinal);
            await agent.EnrollAsync(host, isControl ? controls : volunteers);
            if (!isControl)
                await agent.CommandAsync(host, "consent", "--localisation", "on");
            agents.Add((agent, host));
        }
        var watch = Stopwatch.StartNew();
        foreach (var (agent, host) in agents)
            await agent.RunAsync(host, ("PROBENET_Agent__Schedule__Interval", "00:00:45"), ("PROBENET_Agent__Schedule__OtherInterval", "00:00:45"), ("PROBENET_Agent__Localisation__PerDay", "100"));
        var said = new List<string>();
        while (said.LastOrDefault() != truth && watch.Elapsed < Due)
        {
            await Task.Delay(Glance, Cancel);
            using var verdict = JsonDocument.Parse(await country.RunAsync("collector", ["curl", "-sf", "-H", $"Authorization: Bearer {analyst}", $"{InhabitedCountry.Web}/api/v1/attribution/KH"], new Dictionary<string, string>()));
            if (verdict.RootElement.GetProperty("verdict").GetString() is not { } word || said.LastOrDefault() == word)
                continue;
            said.Add(word);
            output.WriteLine($"{watch.Elapsed.TotalSeconds:0} s: {verdict.RootElement}");
        }
        output.WriteLine($"{truth}: {string.Join(", ", said)} after {watch.Elapsed.TotalSeconds:0} s");
        Assert.Equal(truth, said[^1]);
        // On the way there nothing is claimed that is not so.
        Assert.Equal([truth], said.Intersect(Claims));
    }
}
