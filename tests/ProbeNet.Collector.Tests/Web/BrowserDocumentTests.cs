using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Playwright;
using ProbeNet.Collector.Tests.Api;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>In a real browser: findings on paper, charts as files, the matrix by arrow keys, and all of it without any script.</summary>
public sealed partial class BrowserDocumentTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    [Fact]
    public async Task Findings_print_as_documents_of_pages_with_what_is_folded_away_on_the_screen()
    {
        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(country.Web.Address);
        var id = (string)(await country.Web.JsonAsync("/api/v1/events?cc=XA"))["items"]![0]!["id"]!;
        foreach (var path in new[] { "/events/" + id, "/attribution/XA", "/attribution/XA?lang=km" })
        {
            await page.GotoAsync(path);
            await Assertions.Expect(page.Locator("section.document")).ToHaveCountAsync(1);
            Assert.False(await page.Locator("details table").First.IsVisibleAsync());
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            await Assertions.Expect(page.Locator("details table").First).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("header")).ToBeHiddenAsync();
            await Assertions.Expect(page.Locator("footer")).ToBeVisibleAsync();
            var file = Path.Combine(Pictures.Folder, $"document-{path.Split('/')[1]}.pdf");
            var bytes = await page.PdfAsync(new() { Path = file, Format = "A4", PrintBackground = true });
            var text = Encoding.Latin1.GetString(bytes);
            Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
            Assert.InRange(PdfPage().Count(text), 2, 30);
            await page.EmulateMediaAsync(new() { Media = Media.Screen });
        }
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_chart_is_saved_as_SVG_and_PNG_with_what_it_shows_of_when_and_by_which_licence()
    {
        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(country.Web.Address);
        var target = (string)(await country.Web.JsonAsync("/api/v1/attribution/XA"))["targets"]![0]!["domain"]!;
        foreach (var (path, language) in new[] { ("/cells/XA/" + target, "en"), ("/cells/XA/" + target + "?lang=km", "km"), ("/attribution/XA", "en") })
        {
            await page.GotoAsync(path);
            var address = (await page.Locator("a.chart-file").First.GetAttributeAsync("href"))!;
            using (var answer = await country.Web.GetAsync(address))
            {
                var svg = XElement.Parse(await answer.Content.ReadAsStringAsync(WebGround.Ct));
                Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType?.MediaType);
                Assert.Contains("XA", svg.Elements().First(e => e.Name.LocalName == "title").Value, StringComparison.Ordinal);
                foreach (var said in new[] { "CC BY 4.0", "2026-03-", "ProbeNet" })
                    Assert.Contains(said, svg.Value, StringComparison.Ordinal);
                Assert.Equal(language, (string?)svg.Attribute("lang"));
                Assert.DoesNotContain("var(", svg.Value, StringComparison.Ordinal);
            }
            var picture = await page.RunAndWaitForDownloadAsync(() => page.Locator("a.chart-file + button").First.ClickAsync());
            Assert.EndsWith(".png", picture.SuggestedFilename, StringComparison.Ordinal);
            var png = await File.ReadAllBytesAsync((await picture.PathAsync())!, WebGround.Ct);
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
            // Twice the 1052 units of the file: sharp on paper.
            Assert.Equal(2104, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
            await File.WriteAllBytesAsync(Path.Combine(Pictures.Folder, $"chart-{path.Split('/')[1]}-{language}.png"), png, WebGround.Ct);
            // The file alone in the browser: it breaks no policy, and it has its colours.
            await page.GotoAsync(address);
            Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('text.title, text.note')].every(text => text.getBBox().x + text.getBBox().width <= document.documentElement.viewBox.baseVal.width)"), $"a line of {address} runs off the edge");
            Assert.Equal("rgb(255, 255, 255)", await page.Locator("rect.page").EvaluateAsync<string>("r => getComputedStyle(r).fill"));
            if (path.StartsWith("/cells", StringComparison.Ordinal))
                Assert.Equal("rgb(213, 94, 0)", await page.Locator("rect.likely").First.EvaluateAsync<string>("r => getComputedStyle(r).fill"));
        }
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Arrow_keys_go_from_cell_to_cell_of_the_matrix_and_Tab_goes_through_them_as_ever()
    {
        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(country.Web.Address);
        await page.GotoAsync("/matrix?cc=XA");
        var rows = page.Locator("table.matrix tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(SparseCountry.Targets);
        ILocator Link(int row, int column) => rows.Nth(row).Locator("td").Nth(column).Locator("a");
        await Link(0, 0).FocusAsync();
        foreach (var (key, row, column) in new[] { ("ArrowRight", 0, 1), ("ArrowDown", 1, 1), ("ArrowDown", 2, 1), ("ArrowLeft", 2, 0), ("ArrowUp", 1, 0), ("End", 1, SparseCountry.Isps - 1), ("ArrowRight", 1, SparseCountry.Isps - 1), ("Tab", 2, -1), ("ArrowRight", 2, 0) })
        {
            await page.Keyboard.PressAsync(key);
            await Assertions.Expect(column < 0 ? rows.Nth(row).Locator("th a") : Link(row, column)).ToBeFocusedAsync();
        }
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(rows.Nth(2).Locator("th a")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("ol.steps li").First).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Without_scripts_every_page_says_the_same_and_Tab_reaches_the_cells()
    {
        await using var browser = await TestBrowser.StartAsync();
        var page = await browser.PageAsync(country.Web.Address, new() { JavaScriptEnabled = false });
        await page.GotoAsync("/matrix?cc=XA&compare=2026-03-08");
        await Assertions.Expect(page.Locator("table.matrix tbody tr")).ToHaveCountAsync(SparseCountry.Targets);
        await page.Locator("table.matrix tbody td a").First.FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("table.matrix tbody td a").Nth(1)).ToBeFocusedAsync();
        await page.GotoAsync("/attribution/XA");
        await Assertions.Expect(page.Locator("a.chart-file").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("a.chart-file + button")).ToHaveCountAsync(0);
        await page.Locator("details summary").First.ClickAsync();
        await Assertions.Expect(page.Locator("details table").First).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)", RegexOptions.None, 5000)]
    private static partial Regex PdfPage();
}
