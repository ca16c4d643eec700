using System.Runtime.Versioning;
using System.Text.Json;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Field;

/// <summary>What one home sees, the others of its provider are asked to look at, however seldom they look by themselves.</summary>
[SupportedOSPlatform("linux")]
public sealed class CorroborationTests
{
    const string Site = "riverpost.example";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    static readonly (string, string)[] Seldom = [("PROBENET_Agent__Schedule__Interval", "06:00:00"), ("PROBENET_Agent__Schedule__OtherInterval", "06:00:00")];

    [Fact]
    public async Task One_home_asks_the_others_and_a_brief_one_answers_at_its_next_contact()
    {
        await using var country = await InhabitedCountry.StartAsync(withDatabase: true, withBroker: false);
        await country.Lab.RemoveRules();
        await country.ServeAsync();
        await country.ReleaseListAsync($"https://{Site}/", "https://citycouncil.example/");
        var analyst = (await country.CollectAsync("keys", "create", "--role", "analyst")).TrimEnd().Split('\n')[^1].Trim();
        foreach (var host in new[] { "control-1", "control-2" })
            await JoinAsync(new(country, host), host, await country.InviteAsync("--role", "control"));
        var (watchful, seldom, brief) = (new FieldAgent(country, "watchful"), new FieldAgent(country, "seldom"), new FieldAgent(country, "brief", "brief"));
        await JoinAsync(watchful, "alfa-1", await country.InviteAsync());
        await JoinAsync(seldom, "alfa-2", await country.InviteAsync(), Seldom);
        var service = await JoinAsync(brief, "alfa-3", await country.InviteAsync(), Seldom);
        foreach (var agent in new[] { watchful, seldom, brief })
            await agent.UntilAsync("its first measurements arrive", status => status.Tally.Accepted >= 2);
        await country.Lab.Stop(service);

        // Times are kept to the minute: what the others saw in the minute in which the block begins would be their answer to it.
        var seen = Minute();
        await Eventually.TrueAsync("the minute is over", () => Minute() > seen, Patience);
        await country.Lab.UseScenarioRules();
        await UntilAsync(country, analyst, "the watchful home's sight is corroborated", async () => await StateAsync(country, analyst) is "blocked" or "likely_blocked");
        Assert.Equal((1, 1), (await TasksAsync(country, analyst, 64501), await AcceptedAsync(seldom, "alfa-2")));
        Assert.Equal(0, await AcceptedAsync(watchful, "alfa-1"));

        await brief.RunAsync("alfa-3", Seldom);
        await UntilAsync(country, analyst, "the brief home answers", async () => await TasksAsync(country, analyst, 64501) == 2);
        Assert.Equal(1, await AcceptedAsync(brief, "alfa-3"));
    }

    static long Minute() => TimeProvider.System.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;

    static async Task<int> JoinAsync(FieldAgent agent, string host, string invite, params (string, string)[] settings)
    {
        await agent.EnrollAsync(host, invite);
        return await agent.RunAsync(host, settings);
    }

    // What was seen and concluded until then says where it stopped.
    static async Task UntilAsync(InhabitedCountry country, string analyst, string awaited, Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync(awaited, condition, Patience);
        }
        catch (TimeoutException late)
        {
            using var rows = await ReadAsync(country, analyst, $"measurements?cc=KH&domain={Site}&limit=1000");
            var reasons = await country.CollectAsync("explain", "--cc", "KH", "--domain", Site, "--asn", "64501");
            throw new TimeoutException($"{late.Message}\n{reasons}\n{rows.RootElement}\n{await File.ReadAllTextAsync(Path.Combine(country.Logs, "collector.log"))}", late);
        }
    }

    static async Task<string> StateAsync(InhabitedCountry country, string analyst)
    {
        using var matrix = await ReadAsync(country, analyst, $"matrix?cc=KH&domain={Site}&asn=64501");
        return matrix.RootElement.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("state").GetString()!).FirstOrDefault("");
    }

    static async Task<int> TasksAsync(InhabitedCountry country, string analyst, int asn)
    {
        using var rows = await ReadAsync(country, analyst, $"measurements?cc=KH&domain={Site}&asn={asn}&limit=1000");
        return rows.RootElement.GetProperty("items").EnumerateArray().Count(row => row.GetProperty("reason").GetString() == "task");
    }

    static async Task<int> AcceptedAsync(FieldAgent agent, string host)
    {
        using var status = JsonDocument.Parse(await agent.CommandAsync(host, "status", "--json"));
        return status.RootElement.GetProperty("tasks").GetProperty("accepted").GetInt32();
    }

    static async Task<JsonDocument> ReadAsync(InhabitedCountry country, string analyst, string what) => JsonDocument.Parse(
        await country.RunAsync("collector", ["curl", "-sf", "-H", $"Authorization: Bearer {analyst}", $"{InhabitedCountry.Web}/api/v1/{what}"], new Dictionary<string, string>()));
}
