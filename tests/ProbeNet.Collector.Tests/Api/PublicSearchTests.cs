using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>Everything that a public caller finds by following links, and what nobody without a key is given.</summary>
public sealed partial class PublicSearchTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    // Of one kind; the long form takes all that are found.
    static readonly int MostPages = Environment.GetEnvironmentVariable("PROBENET_FULL") == "1" ? 1000 : 12;

    [Fact]
    public async Task Whoever_follows_every_link_without_a_key_finds_no_row_no_name_no_exact_time_and_no_address()
    {
        var check = await PublicAnswer.OfAsync(country);
        var due = new Queue<string>(["/", "/matrix?cc=XA", "/events?cc=XA", "/attribution/XA", "/corrections?cc=XA", "/openapi/v1.json", "/api/v1/matrix?cc=XA", "/api/v1/events", "/api/v1/events.atom", "/api/v1/coverage", "/api/v1/isps", "/api/v1/lists", "/api/v1/published", "/matrix.csv?cc=XA"]);
        var seen = due.ToHashSet(StringComparer.Ordinal);
        var (faults, kinds) = (new List<string>(), new Dictionary<string, int>(StringComparer.Ordinal));
        while (due.TryDequeue(out var path))
        {
            var kind = path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries) switch { ["api", _, var data, ..] => "api " + data, [var page, .., var part] => $"{page} {part.Contains('.', StringComparison.Ordinal)}", [var page] => page, _ => "" };
            if (kinds.GetValueOrDefault(kind) == MostPages)
                continue;
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            using var answer = await country.Web.GetAsync(path);
            var body = await answer.Content.ReadAsStringAsync(WebGround.Ct);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            faults.AddRange(check.Faults(path, body));
            foreach (Match link in Link().Matches(body))
            {
                var address = WebUtility.HtmlDecode(link.Groups["address"].Value);
                // Both languages say the same.
                if (!address.Contains("lang=", StringComparison.Ordinal) && seen.Add(address))
                    due.Enqueue(address);
            }
        }
        Assert.Empty(faults.Distinct().Take(20));
        foreach (var kind in new[] { "", "matrix", "events", "events False", "attribution", "attribution False", "attribution True", "cells False", "cells True", "isps", "isps False", "coverage", "corrections", "explore", "explore.svg", "api matrix", "api events", "api cells", "api isps", "api aggregation" })
            Assert.True(kinds.ContainsKey(kind), $"no page of the kind {kind} among {string.Join(", ", kinds.Keys)}");
        Assert.True(seen.Count > 300, $"{seen.Count} addresses");
    }

    [Fact]
    public async Task Every_cell_of_a_matrix_has_its_reasons_those_of_a_site_on_no_list_too()
    {
        var days = $"since={SparseCountry.Day(SparseCountry.Days - 7):yyyy-MM-dd}&until={SparseCountry.Day(SparseCountry.Days - 1):yyyy-MM-dd}";
        foreach (var key in new[] { null, country.AnalystKey })
        {
            var cells = (await country.Web.JsonAsync($"/api/v1/matrix?cc=KH&domain={InventedCountry.Host}&{days}", key))["cells"]!.AsArray();
            Assert.Contains(cells, cell => (string)cell!["state"]! == "insufficient");
            foreach (var cell in cells)
            {
                var reasons = await country.Web.JsonAsync($"/api/v1/cells/KH/{InventedCountry.Host}/{cell!["asn"]}?{days}", key);
                Assert.Equal((string)cell["state"]!, (string)reasons["cell"]!["state"]!);
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/measurements")]
    [InlineData("/api/v1/rollouts")]
    [InlineData("/measurements")]
    [InlineData("/rollouts")]
    [InlineData("/ooni")]
    public async Task What_is_for_those_with_a_key_is_refused_without_one_and_under_one_that_opens_nothing(string path)
    {
        foreach (var key in new[] { null, "nonsense" })
        {
            using var answer = await country.Web.GetAsync(path, key);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        foreach (var key in new[] { country.AnalystKey, country.OperatorKey })
        {
            using var answer = await country.Web.GetAsync(path, key);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_row_that_is_there_is_not_given_to_the_public_by_its_name()
    {
        await using var command = country.Source.CreateCommand("select uid::text from measurement_all limit 3");
        await using var reader = await command.ExecuteReaderAsync(WebGround.Ct);
        var rows = 0;
        while (await reader.ReadAsync(WebGround.Ct))
        {
            rows++;
            foreach (var path in new[] { "/api/v1/measurements/{0}", "/api/v1/measurements/{0}/evidence", "/measurements/{0}" })
            {
                using var answer = await country.Web.GetAsync(path.Replace("{0}", reader.GetString(0), StringComparison.Ordinal));
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            }
        }
        Assert.Equal(3, rows);
    }

    [GeneratedRegex("(href|src)=\"(?<address>/[^\"#]*)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();
}
