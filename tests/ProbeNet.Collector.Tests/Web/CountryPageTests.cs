using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>Pages about a whole country say what the interface says, to each caller no more.</summary>
public sealed class CountryPageTests(MovedCountry country) : IClassFixture<MovedCountry>
{
    const string Path = "/attribution/XA";

    static readonly string[] Explanations = ["independent", "order", "hybrid", "gateway"];

    static readonly Dictionary<string, string> Css = new(StringComparer.Ordinal) { ["likely_blocked"] = "likely" };

    readonly WebGround _web = country.Web;

    [Theory]
    [InlineData("")]
    [InlineData("&sort=differs")]
    public async Task The_public_matrix_shows_no_cell_of_fewer_volunteers_than_are_published(string order)
    {
        var whole = (await _web.JsonAsync("/api/v1/matrix?cc=XA", await _web.KeyAsync()))["cells"]!.AsArray();
        var shown = CellsOf(await Markup.MainAsync(_web, "/matrix?cc=XA" + order));
        Assert.Equal(whole.Count, shown.Count);
        Assert.Contains(whole, cell => (int)cell!["units"]! is 1 or 2 && (string)cell["state"]! != "insufficient");
        foreach (var cell in whole.Where(cell => (int)cell!["units"]! < 3))
            Assert.Equal("insufficient", shown[((string)cell!["domain"]!, (long)cell["asn"]!)].Css());
        // Made of days on which enough looked, what everybody sees may be less sure; it is the same as data.
        foreach (var cell in (await _web.JsonAsync("/api/v1/matrix?cc=XA"))["cells"]!.AsArray())
        {
            var state = (string)cell!["state"]!;
            Assert.Equal(Css.GetValueOrDefault(state, state), shown[((string)cell["domain"]!, (long)cell["asn"]!)].Css());
        }
    }

    [Fact]
    public async Task The_matrix_begins_with_what_differs_when_asked_to()
    {
        var rows = Markup.Rows((await Markup.MainAsync(_web, "/matrix?cc=XA&sort=differs&since=2026-03-10&until=2026-03-17", await _web.KeyAsync())).Descendants("table").Single());
        var pairs = rows.Select(row => row.Elements("td").Count(td => td.Css() is "blocked" or "likely") * row.Elements("td").Count(td => td.Css() == "ok")).ToArray();
        Assert.Equal(pairs.OrderDescending(), pairs);
        Assert.True(pairs[0] > pairs[^1]);
        Assert.Contains("differs: blocked at", rows[0].Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task How_the_blocking_is_organised_is_told_with_all_that_says_so(bool analyst)
    {
        var key = analyst ? await _web.KeyAsync() : null;
        var verdict = await _web.JsonAsync("/api/v1/attribution/XA", key);
        var main = await Markup.MainAsync(_web, Path, key);
        var words = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["gateway"] = "one place for all providers",
            ["central"] = "one system",
            ["coordinated"] = "coordinated",
            ["undetermined"] = "cannot be told",
            ["order"] = "one list, separate tools",
        };
        Assert.Equal(words[(string)verdict["verdict"]!], main.Elements("p").Single(p => p.Css() == "verdict").Text());
        Assert.DoesNotContain("government", main.Value, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(verdict["evidence"]!.AsArray().Select(e => (string)e!["text"]!), Markup.Section(main, "What it rests on").Element("ol")!.Elements("li").Select(li => li.Value[(li.Value.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
        var posterior = Markup.Rows(Markup.Section(main, "How likely each explanation is").Element("table")!).Select(row => row.Elements("td").First().Value);
        Assert.Equal(Explanations.Select(word => ((double)verdict["posterior"]![word]!).ToString("0.00##", CultureInfo.InvariantCulture)), posterior);
        Assert.Equal(verdict["targets"]!.AsArray().Count, Markup.Rows(Markup.Section(main, "Site by site").Descendants("table").Single()).Length);
        var moves = Markup.Section(main, "Moves over time");
        var told = Markup.Rows(moves.Descendants("table").Single());
        Assert.Equal(verdict["drifts"]!.AsArray().Count, told.Length);
        Assert.Equal(verdict["moves"]!.AsArray().Select(move => (long)move!["asn"]!).Distinct().Count(), told.Count(row => row.Elements("td").First().Value != "no"));
        Assert.Equal(verdict["drifts"]!.AsArray().Count(drift => drift!["days"]!.AsArray().Count > 0), moves.Descendants("g").Count());
        Assert.Contains("could not be compared", Markup.Section(main, "What was not covered").Value, StringComparison.Ordinal);
        Assert.NotEmpty(Markup.Section(main, "When it began").Descendants("path"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Providers_are_compared_by_what_the_caller_may_see_of_them(bool analyst)
    {
        var key = analyst ? await _web.KeyAsync() : null;
        var cells = (await _web.JsonAsync("/api/v1/matrix?cc=XA", key))["cells"]!.AsArray().Select(cell => cell!)
            .Where(cell => (string)cell["state"]! is "blocked" or "likely_blocked" or "ok").ToLookup(cell => (long)cell["asn"]!);
        var table = Markup.Section(await Markup.MainAsync(_web, Path, key), "Provider by provider: what both block").Descendants("table").Single();
        var isps = cells.Select(isp => isp.Key).Order().ToArray();
        Assert.True(isps.Length >= 3);
        var rows = Markup.Rows(table);
        Assert.Equal(isps.Length, rows.Length);
        for (var i = 0; i < isps.Length; i++)
            for (var j = 0; j < isps.Length; j++)
                Assert.StartsWith(i == j ? $"{cells[isps[i]].Count(IsBlocked)} of {cells[isps[i]].Count()}" : Expected(cells[isps[i]], cells[isps[j]]), rows[i].Elements("td").ElementAt(j).Text(), StringComparison.Ordinal);

        static bool IsBlocked(JsonNode cell) => (string)cell["state"]! != "ok";
        static string Expected(IEnumerable<JsonNode> one, IEnumerable<JsonNode> other)
        {
            var pairs = one.Join(other, cell => (string)cell["domain"]!, cell => (string)cell["domain"]!, (mine, theirs) => (Mine: IsBlocked(mine), Theirs: IsBlocked(theirs))).ToArray();
            return pairs.Any(pair => pair.Mine || pair.Theirs) ? $"{pairs.Count(pair => pair.Mine && pair.Theirs)} of {pairs.Count(pair => pair.Mine || pair.Theirs)}" : "–";
        }
    }

    [Fact]
    public async Task A_time_line_has_each_days_cells_as_the_public_may_see_them()
    {
        var key = await _web.KeyAsync();
        var verdict = await _web.JsonAsync("/api/v1/attribution/XA", key);
        var domain = (string)verdict["targets"]![0]!["domain"]!;
        var table = (await Markup.MainAsync(_web, "/cells/XA/" + domain)).Descendants("table").First(t => t.Css() == "matrix");
        var days = Markup.Rows(table);
        Assert.Equal(30, days.Length);
        var isps = (await _web.JsonAsync("/api/v1/matrix?cc=XA"))["isps"]!.AsArray().Select(isp => (long)isp!["asn"]!).ToArray();
        foreach (var day in days.TakeLast(4).SkipLast(1))
        {
            var date = DateOnly.Parse(day.Element("th")!.Value, CultureInfo.InvariantCulture);
            var truth = await _web.JsonAsync($"/api/v1/matrix?cc=XA&since={date:yyyy-MM-dd}&until={date.AddDays(1):yyyy-MM-dd}", key);
            foreach (var (asn, cell) in isps.Zip(day.Elements("td").Skip(1)))
            {
                var known = WebGround.Cell(truth, domain, asn);
                var state = (int)known["units"]! < 3 ? "insufficient" : (string)known["state"]!;
                Assert.Equal(Css.GetValueOrDefault(state, state), cell.Css());
            }
        }
    }

    [Fact]
    public async Task Of_a_provider_with_too_few_volunteers_its_page_says_that_and_nothing_else()
    {
        var isps = (await _web.JsonAsync("/api/v1/isps?cc=XA", await _web.KeyAsync()))["items"]!.AsArray();
        var few = isps.Where(isp => (int)isp!["units"]! is 1 or 2).Select(isp => (long)isp!["asn"]!).ToArray();
        var enough = isps.Where(isp => (int)isp!["units"]! >= 3).Select(isp => (long)isp!["asn"]!).ToArray();
        Assert.True(few.Length > 0 && enough.Length > 0);
        foreach (var asn in few)
        {
            var main = await Markup.MainAsync(_web, $"/isps/AS{asn}");
            Assert.Contains("Fewer than 3 volunteers of this provider measured", main.Text(), StringComparison.Ordinal);
            // What every document ends with tells nothing of volunteers.
            Assert.DoesNotContain(main.Descendants("table"), table => table.Parent?.Css() != "document");
        }
        foreach (var asn in enough)
        {
            var main = await Markup.MainAsync(_web, $"/isps/AS{asn}");
            Assert.Matches("(3-5|6-10|11\\+) volunteers made", main.Text());
            Assert.NotEmpty(Markup.Section(main, "Coverage, day by day").Descendants("table"));
        }
        var coverage = await Markup.MainAsync(_web, "/coverage?cc=XA");
        var columns = Markup.Section(coverage, "Coverage, day by day").Descendants("th").Where(th => (string?)th.Attribute("scope") == "col").Select(th => th.Value).ToArray();
        Assert.All(few, asn => Assert.DoesNotContain(columns, column => column.Contains($"AS{asn}", StringComparison.Ordinal)));
        Assert.Contains("for those who have a key", Markup.Section(coverage, "The fleet").Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_address_of_ours_on_a_page_opens()
    {
        var (seen, left) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(["/", "/matrix?cc=XA", "/events", Path, "/isps", "/coverage?cc=XA"]));
        while (left.TryDequeue(out var path) && seen.Count < 150)
        {
            if (!seen.Add(path))
                continue;
            var main = await Markup.MainAsync(_web, path);
            // Of many links of a kind the first few stand for the others.
            foreach (var kind in main.Descendants("a").Select(a => (string)a.Attribute("href")!).Where(href => !href.StartsWith("/api/", StringComparison.Ordinal) && !href.Contains(".csv", StringComparison.Ordinal) && !href.Contains(".svg", StringComparison.Ordinal)).Distinct().GroupBy(href => href.Split('/', '?')[1]))
                foreach (var href in kind.Take(3))
                    left.Enqueue(href);
        }
        Assert.True(seen.Count > 30, $"{seen.Count} pages");
    }

    static Dictionary<(string Domain, long Asn), XElement> CellsOf(XElement main)
    {
        var table = main.Descendants("table").Single();
        var isps = table.Element("thead")!.Descendants("span").Where(span => span.Css() == "asn").Select(span => long.Parse(span.Value.AsSpan(2), CultureInfo.InvariantCulture)).ToArray();
        return Markup.Rows(table).SelectMany(row => row.Elements("td").Select((td, i) => (Key: (row.Element("th")!.Element("a")!.Value, isps[i]), td))).ToDictionary(cell => cell.Key, cell => cell.td);
    }
}
