using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Playwright;
using ProbeNet.Lab.Addresses;
using ProbeNet.Testing;
using Xunit;
using Xunit.Sdk;

namespace ProbeNet.EndToEnd.Tests.Field;

/// <summary>
/// The walk-through of the documentation, walked: five readers and their questions, on what real agents measured in the lab's country.
/// It begins open; then one list is blocked at four providers, each with tools of its own.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class WalkThroughTests(ITestOutputHelper output)
{
    const string Notice = "An invented country in a laboratory: providers, sites and volunteers do not exist.";

    // A provider's sights of a site before it is blocked: with fewer, that it began and was not always so is not yet likelier than chance.
    const int SeenOpen = 12;

    static readonly TimeSpan Due = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Allowed = TimeSpan.FromMinutes(2);
    static readonly (string, string)[] Often = [("PROBENET_Agent__Schedule__Interval", "00:00:30"), ("PROBENET_Agent__Schedule__OtherInterval", "00:00:30"), ("PROBENET_Agent__Localisation__PerDay", "100")];

    [Fact]
    public async Task Five_readers_have_their_answers_from_the_pages_alone_in_under_two_minutes_each()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROBENET_FULL") == "1", "the long form: some minutes");
        await using var country = await InhabitedCountry.StartAsync(withDatabase: false, withBroker: false, "order");
        var key = await InhabitAsync(country);
        var collector = new Uri($"http://127.0.0.1:{await country.Lab.Show("collector", AddressPlan.Collector.V4.ToString(), 8080)}/");
        var lost = new List<string>();
        foreach (var (who, walk) in new FiveReaders(country, key).All)
            if (await WalkAsync(collector, who, walk) is { } why)
                lost.Add($"{who}: {why}");
        Assert.Empty(lost);
    }

    /// <returns>Where the reader was lost; null where the answer was found in time.</returns>
    async Task<string?> WalkAsync(Uri collector, string who, Func<PageReader, Task> walk)
    {
        await using var reader = await PageReader.BeginAsync(collector);
        try
        {
            await reader.SeesAsync(Notice);
            await walk(reader);
        }
        catch (Exception lost) when (lost is XunitException or PlaywrightException or TimeoutException or InvalidOperationException)
        {
            return $"{reader.Page.Url}: {lost.Message}";
        }
        var took = reader.Waited + (reader.Pages * PageReader.Look);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {who} | {reader.Pages} | {reader.Clicks} | {reader.Waited.TotalSeconds:0.0} s | {took.TotalSeconds:0} s |"));
        return took < Allowed ? null : $"it takes {took}";
    }

    /// <returns>An analyst's key.</returns>
    async Task<string> InhabitAsync(InhabitedCountry country)
    {
        await country.Lab.RemoveRules();
        await country.ServeAsync(("PROBENET_Collector__Web__Contact", FiveReaders.Contact), ("PROBENET_Collector__Web__Banner", Notice));
        await country.ReleaseListAsync();
        var key = (await country.CollectAsync("keys", "create", "--role", "analyst")).TrimEnd().Split('\n')[^1].Trim();
        var controls = await country.InviteAsync("--role", "control", "--uses", "2");
        var volunteers = await country.InviteAsync("--uses", "8", "--cc", "KH");
        foreach (var host in new[] { "control-1", "control-2", "alfa-1", "alfa-2", "bravo-1", "bravo-2", "carol-1", "carol-2", "delta-1", "delta-2" })
        {
            var agent = new FieldAgent(country, host);
            var isControl = host.StartsWith("control", StringComparison.Ordinal);
            await agent.EnrollAsync(host, isControl ? controls : volunteers);
            if (!isControl)
                await agent.CommandAsync(host, "consent", "--localisation", "on");
            await agent.RunAsync(host, Often);
        }
        await UntilAsync(country, key, "both are seen open everywhere", "matrix?cc=KH", matrix => Cells(matrix).Count(cell => cell.State == "ok" && cell.Runs >= SeenOpen) == 2 * FiveReaders.Isps);
        await country.Lab.UseScenarioRules();
        await UntilAsync(country, key, "both are blocked everywhere", "matrix?cc=KH", matrix => Cells(matrix).Count(cell => cell.State is "blocked" or "likely_blocked" && cell.Changed) == 2 * FiveReaders.Isps);
        await UntilAsync(country, key, "the whole list is blocked at one", $"matrix?cc=KH&asn={FiveReaders.Asn}", matrix => matrix.GetProperty("cells").EnumerateArray().Count(cell => cell.GetProperty("state").GetString() is "blocked" or "likely_blocked") == FiveReaders.Listed);
        await UntilAsync(country, key, "how it is organised is known", "attribution/KH", verdict => verdict.GetProperty("verdict").GetString() == "order");
        return key;
    }

    static IEnumerable<(string State, int Runs, bool Changed)> Cells(JsonElement matrix) => matrix.GetProperty("cells").EnumerateArray()
        .Where(cell => cell.GetProperty("domain").GetString() is FiveReaders.Outlet or FiveReaders.Group)
        .Select(cell => (cell.GetProperty("state").GetString()!, cell.GetProperty("runs").GetInt32(), cell.GetProperty("changed").GetBoolean()));

    async Task UntilAsync(InhabitedCountry country, string key, string awaited, string what, Func<JsonElement, bool> holds)
    {
        var watch = Stopwatch.StartNew();
        var said = "";
        try
        {
            await Eventually.TrueAsync(awaited, async () =>
            {
                await Task.Delay(Glance, TestContext.Current.CancellationToken);
                said = await country.RunAsync("collector", ["curl", "-sf", "-H", $"Authorization: Bearer {key}", $"{InhabitedCountry.Web}/api/v1/{what}"], new Dictionary<string, string>());
                using var answer = JsonDocument.Parse(said);
                return holds(answer.RootElement);
            }, Due);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{said}", late);
        }
        output.WriteLine($"{awaited}: after {watch.Elapsed.TotalSeconds:0} s");
    }
}
