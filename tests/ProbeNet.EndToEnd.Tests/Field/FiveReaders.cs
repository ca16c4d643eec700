using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Field;

/// <summary>Five readers, each with a question, on a country where one list is blocked at every provider, by each with tools of its own.</summary>
/// <param name="key">An analyst's; the lawyer was given it.</param>
[SupportedOSPlatform("linux")]
sealed partial class FiveReaders(InhabitedCountry country, string key)
{
    internal const string Outlet = "riverpost.example", Group = "landrightswatch.example", Contact = "answers@collector.example";
    internal const int Isps = 4, Listed = 12;

    // The provider that asks.
    internal const int Asn = 64502;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal IReadOnlyList<(string Who, Func<PageReader, Task> Walk)> All =>
        [("journalist", JournalistAsync), ("rights group", GroupAsync), ("provider", ProviderAsync), ("lawyer", LawyerAsync), ("researcher", ResearcherAsync)];

    // Is it blocked, where, since when, and may I quote that?
    static async Task JournalistAsync(PageReader reader)
    {
        await reader.SeesAsync("Newest events", "Cells that are blocked or likely so, of those with enough data");
        await reader.PictureAsync("walk-overview");
        await reader.GoAsync(reader.Page.Locator("main a[href^='/matrix?cc=KH&sort=differs']"));
        await reader.PictureAsync("walk-matrix", reader.Page.Locator("table.matrix"));
        await reader.GoAsync(reader.Page.Locator("table.matrix").GetByText(Outlet, new() { Exact = true }));
        await reader.SeesAsync($"at {Isps} of {Isps} providers with enough data", "What may be quoted", "Permanent address", "CC BY 4.0");
        // The provider whose resolver leads to a page of its own is proven; the others are what the symptoms say.
        Assert.Contains("Bravo Telecom", await RowAsync(reader, "Confirmed"), StringComparison.Ordinal);
        Assert.StartsWith("0 of 4", await RowAsync(reader, "We could not tell"), StringComparison.Ordinal);
        // It was seen open before: it began on a day, not on that day or any before.
        var since = await reader.Page.Locator("[aria-label='Over all these days'] td:last-child").AllInnerTextsAsync();
        Assert.Equal(Isps, since.Count);
        Assert.All(since, text => Assert.Matches(@"^since \d{4}-\d\d-\d\d$", text));
        await reader.PictureAsync("walk-site");
        Assert.Contains(Outlet, await File.ReadAllTextAsync(await reader.FetchAsync(reader.Page.Locator("a.chart-file")), Cancel), StringComparison.Ordinal);
    }

    // Is it our site, at which provider, and how do we say so at home?
    static async Task GroupAsync(PageReader reader)
    {
        await reader.OpenAsync("Matrix");
        await reader.Page.Locator("input[name=domain]").FillAsync(Group);
        await reader.GoAsync(reader.Page.Locator("form.filters button"));
        Assert.Equal(1, await reader.Page.Locator("table.matrix tbody tr").CountAsync());
        Assert.Equal(Isps, await reader.Page.Locator("table.matrix td.blocked, table.matrix td.likely").CountAsync());
        await reader.PictureAsync("walk-own-site", reader.Page.Locator("table.matrix"));
        await reader.GoAsync(reader.Page.Locator("a.domain"));
        await reader.SeesAsync("To be told when it changes:");
        await reader.GoAsync(reader.Page.Locator(".languages a"));
        Assert.Equal("km", await reader.Page.Locator("html").GetAttributeAsync("lang"));
        await reader.SeesAsync(Group, "រាំងខ្ទប់");
        await reader.PictureAsync("walk-khmer");
    }

    // Did my network do it, by which tool, was it meant, and where do I answer?
    static async Task ProviderAsync(PageReader reader)
    {
        await reader.OpenAsync("Providers");
        await reader.GoAsync(reader.Page.Locator("main table a").Filter(new() { HasText = "Bravo Telecom" }));
        await reader.SeesAsync($"{Listed} sites are not simply reachable", "dns.", "Corrections", "Reply", Contact);
        await reader.PictureAsync("walk-provider");
        await reader.GoAsync(reader.Page.Locator("main td.number a[href^='/cells/']"));
        await reader.SeesAsync("Why", "Rules that fired", "Day by day", "Controls in uncensored networks");
        await reader.PictureAsync("walk-reasons");
    }

    // Will it stand up?
    async Task LawyerAsync(PageReader reader)
    {
        await reader.GoAsync(reader.Page.Locator("a.sign"));
        await reader.Page.Locator("input[name=key]").FillAsync(key);
        await reader.GoAsync(reader.Page.Locator("main button"));
        await reader.OpenAsync("Matrix");
        await reader.GoAsync(reader.Page.Locator($"table.matrix td.blocked a[href^='/cells/KH/{Outlet}/']"));
        await reader.GoAsync(reader.Page.Locator("main a").Filter(new() { HasText = "the one that shows it best" }));
        await reader.SeesAsync(Outlet, "Rules that fired", "Layer by layer", "The nearest control", "probenet-collector verify");
        await reader.PictureAsync("walk-measurement", reader.Page.Locator("main p").First);
        var bundle = Path.Combine(country.Made("lawyer"), "bundle.zip");
        File.Copy(await reader.FetchAsync(reader.Page.Locator("a[href$='/evidence']")), bundle);
        var (exit, said) = await country.TryCollectAsync("verify", bundle);
        Assert.True(exit == 0, said);
    }

    // Can I do it again?
    static async Task ResearcherAsync(PageReader reader)
    {
        await reader.OpenAsync("Daily files");
        await reader.SeesAsync("CC BY 4.0", "duckdb", "no day that was measured is over and published");
        await reader.PictureAsync("walk-files");
        await reader.OpenAsync("Matrix");
        var shown = await reader.Page.Locator("table.matrix td.blocked").CountAsync();
        var rows = await File.ReadAllLinesAsync(await reader.FetchAsync(reader.Page.Locator("p.links a").Filter(new() { HasText = "CSV" })), Cancel);
        Assert.NotEqual(0, shown);
        Assert.Equal(shown, rows.Count(row => Blocked().IsMatch(row)));
        await reader.OpenAsync("How the blocking is organised");
        await reader.SeesAsync("one list, separate tools", "the rules as they stand", "As of");
        await reader.PictureAsync("walk-organised");
        await reader.GoAsync(reader.Page.Locator("section.document a[href*='as_of=']"));
        await reader.SeesAsync("one list, separate tools");
        await reader.GoAsync(reader.Page.Locator("section.document a[href='/api/v1/methods']"));
        await reader.SeesAsync("rules");
    }

    // What stands beside one of the sentences that may be quoted.
    static Task<string> RowAsync(PageReader reader, string name) =>
        reader.Page.Locator("tr").Filter(new() { Has = reader.Page.Locator($"th:has-text('{name}')") }).First.Locator("td").First.InnerTextAsync();

    [GeneratedRegex(",blocked,", RegexOptions.None, 5000)]
    private static partial Regex Blocked();
}
