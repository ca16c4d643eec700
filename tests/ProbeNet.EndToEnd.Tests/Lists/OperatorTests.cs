using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProbeNet.EndToEnd.Tests.Field;
using ProbeNet.EndToEnd.Tests.Lab;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>A new operator does what the README says, line by line, with the built programs and agents that measure.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class OperatorTests
{
    const string Watch = "--watch";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    static readonly (string Host, bool Own)[] Homes =
        [("control-1", true), ("control-2", true), ("alfa-1", false), ("alfa-2", false), ("alfa-3", false), ("bravo-1", false), ("bravo-2", false), ("bravo-3", false)];

    [Fact]
    public async Task The_readme_alone_takes_a_list_from_its_file_to_every_agent_and_back()
    {
        await using var country = await InhabitedCountry.StartAsync(withDatabase: true, withBroker: false);
        await country.Lab.RemoveRules();
        // A stage asks for the same evidence as ever; only its shortest time is another.
        await country.ServeAsync(
            ("PROBENET_Collector__Rollout__Own", "00:00:02"), ("PROBENET_Collector__Rollout__Sixty", "00:00:02"), ("PROBENET_Collector__Rollout__ThreeHundred", "00:00:02"),
            ("PROBENET_Collector__Rollout__Runs", "2"), ("PROBENET_Collector__Intake__HeartbeatSeconds", "5"));
        var lines = Lines().ToList();
        Assert.Contains(lines, line => line.Contains(Watch));
        var agents = new List<(FieldAgent Agent, string Host)>();
        foreach (var (host, own) in Homes)
        {
            var agent = new FieldAgent(country, host);
            await agent.EnrollAsync(host, await country.InviteAsync(own ? ["--role", "control"] : ["--cc", "KH"]));
            await agent.RunAsync(host);
            agents.Add((agent, host));
        }

        // A first version goes to everybody, and there is nothing to take back.
        var first = country.SitesFile("https://citycouncil.example/", "https://forestdefenders.example/");
        foreach (var line in lines.Take(1 + lines.FindIndex(line => line.Contains(Watch))))
            await DoAsync(country, line, first);
        await UntilAsync(agents, 1);
        foreach (var (agent, _) in agents.Take(2))
            await agent.UntilAsync("measures with the first list", status => status.Tally.Accepted >= 4);

        var said = new Dictionary<string, string>();
        var second = country.SitesFile("https://citycouncil.example/", "https://forestdefenders.example/", "https://landrightswatch.example/");
        var content = await File.ReadAllTextAsync(second, TestContext.Current.CancellationToken);
        foreach (var line in lines)
        {
            said[line[1]] = await DoAsync(country, line, second);
            if (line.Contains(Watch))
                await UntilAsync(agents, 2);
        }
        Assert.Contains("+ https://landrightswatch.example/", said["diff"], StringComparison.Ordinal);
        // Each stage was seen by whoever watched; the last line says that all have it.
        foreach (var stage in new[] { "own", "sixty", "three_hundred", "all", "8/8" })
            Assert.Contains(stage, said["status"], StringComparison.Ordinal);
        Assert.Contains("goes to nobody more in AS64501", said["halt"], StringComparison.Ordinal);
        Assert.Contains("Released kh version 3", said["revert"], StringComparison.Ordinal);
        Assert.Contains("hold", said["audit"], StringComparison.Ordinal);
        Assert.EndsWith(content[content.IndexOf("url,", StringComparison.Ordinal)..], said["list"], StringComparison.Ordinal);
        Assert.Contains("# licence: CC BY-NC-SA 4.0", said["list"], StringComparison.Ordinal);

        // Also where the one before was halted: back is for everybody.
        await UntilAsync(agents, 3);
    }

    static async Task<string> DoAsync(InhabitedCountry country, IReadOnlyList<string> line, string file)
    {
        var words = line.Select(word => word == "kh.csv" ? file : word);
        var (exit, output) = await country.TryCollectAsync([.. words, .. line.Contains("import") ? country.Surroundings() : []]).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(exit == 0, $"{string.Join(' ', line)}: {output}");
        return output;
    }

    static async Task UntilAsync(IEnumerable<(FieldAgent Agent, string Host)> agents, int version)
    {
        foreach (var (agent, host) in agents)
            await Eventually.TrueAsync($"{host} has version {version}", async () =>
            {
                using var status = JsonDocument.Parse(await agent.CommandAsync(host, "status", "--json"));
                return status.RootElement.GetProperty("list") is { ValueKind: JsonValueKind.Object } list && list.GetProperty("version").GetInt32() == version;
            }, Patience);
    }

    // What stands between the first ```sh and the ``` after it, without remarks.
    static IEnumerable<List<string>> Lines() => File.ReadLines(Path.Combine(Shell.Repository, "collector", "Rollout", "README.md"))
        .SkipWhile(line => line != "```sh").Skip(1).TakeWhile(line => line != "```")
        .Select(line => Word().Matches(line.Split('#')[0]).Select(word => word.Value.Trim('"')).ToList());

    [GeneratedRegex("\"[^\"]*\"|[^\"\\s]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
