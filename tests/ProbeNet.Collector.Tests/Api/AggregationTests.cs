using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Store;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

public sealed class AggregationTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    const string Days = "since=2026-03-02&until=2026-03-09";

    [Fact]
    public async Task Counts_are_those_of_the_matrices_of_each_day_and_no_pair_is_left_out()
    {
        var view = await country.Web.JsonAsync($"/api/v1/aggregation?cc=XA&axis_x=time&axis_y=asn&{Days}");
        var rows = view["rows"]!.AsArray();
        Assert.Equal(7 * SparseCountry.Isps, rows.Count);
        for (var day = 0; day < 7; day++)
        {
            var date = SparseCountry.Day(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var matrix = await country.Web.JsonAsync($"/api/v1/matrix?cc=XA&since={date}&until={SparseCountry.Day(day + 1):yyyy-MM-dd}");
            foreach (var isp in matrix["cells"]!.AsArray().GroupBy(cell => (long)cell!["asn"]!))
            {
                var row = rows.Single(r => (string)r!["x"]! == date && (string)r["y"]! == $"AS{isp.Key}")!;
                Assert.Equal((isp.Count(), isp.Count(cell => (string)cell!["state"]! != "insufficient"), isp.Count(cell => (string)cell!["state"]! is "blocked" or "likely_blocked")),
                    ((int)row["cells"]!, (int)row["decided"]!, (int)row["blocked"]!));
                Assert.Equal((int)row["decided"]! == 0 ? "insufficient" : null, (string?)row["state"]);
            }
        }
        Assert.Contains(rows, row => (int)row!["blocked"]! > 0);
        Assert.Contains(rows, row => (string?)row!["state"] == "insufficient");
    }

    [Theory]
    [InlineData("day", 10, "2026-03-02")]
    [InlineData("week", 2, "2026-03-02")]
    [InlineData("month", 1, "2026-03")]
    public async Task Time_is_as_fine_as_it_is_asked_for_and_its_parts_add_up(string grain, int values, string first)
    {
        var view = await country.Web.JsonAsync($"/api/v1/aggregation?cc=XA&axis_x=time&axis_y=cc&grain={grain}&since=2026-03-02&until=2026-03-12");
        Assert.Equal((values, first), (view["xs"]!.AsArray().Count, (string)view["xs"]![0]!));
        Assert.Equal(10 * SparseCountry.Isps * SparseCountry.Targets, view["rows"]!.AsArray().Sum(row => (int)row!["cells"]!));
    }

    [Fact]
    public async Task Every_pair_of_axes_counts_every_cell_at_least_once()
    {
        string[] axes = ["time", "cc", "asn", "domain", "category_code", "mechanism", "state", "access"];
        foreach (var (x, y) in from x in axes from y in axes where x != y select (x, y))
        {
            var view = await country.Web.JsonAsync($"/api/v1/aggregation?cc=XA&axis_x={x}&axis_y={y}&since=2026-03-08&until=2026-03-10");
            var cells = view["rows"]!.AsArray().Sum(row => (int)row!["cells"]!);
            Assert.True("mechanism" is var several && (x == several || y == several) ? cells >= 2 * SparseCountry.Isps * SparseCountry.Targets : cells == 2 * SparseCountry.Isps * SparseCountry.Targets, $"{x} {y}: {cells}");
        }
    }

    [Theory]
    [InlineData("axis_x=asn&axis_y=asn", "axis_y")]
    [InlineData("axis_x=version", "axis_x")]
    [InlineData("grain=hour", "grain")]
    [InlineData("since=2025-01-01&until=2026-03-01", "since")]
    public async Task What_cannot_be_counted_is_refused_by_name(string query, string parameter) =>
        Assert.Equal(parameter, (string)(await country.Web.ProblemAsync("/api/v1/aggregation?cc=XA&" + query, HttpStatusCode.BadRequest))["parameter"]!);

    [Fact]
    public async Task Those_with_a_key_count_by_agents_versions_and_resolvers_networks_too()
    {
        static Page Through(uint resolver)
        {
            var page = Page.Reached(InventedCountry.Site);
            page.Facts.Network.ResolverAsn = resolver;
            return page;
        }

        var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false), ("https://never.example/", "never.example", false));
        await ground.SeesAsync(ground.Volunteer(1), Through(64501));
        await ground.SeesAsync(ground.Volunteer(2), Through(64999));
        await ground.SeesAsync(ground.Volunteer(3, asn: 64502), Through(0));
        await ground.SettleAsync();
        await using var web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00");
        var key = await web.KeyAsync();
        var path = $"/api/v1/aggregation?cc=KH&since={TestKey.Noon:yyyy-MM-dd}&until={TestKey.Noon.AddDays(1):yyyy-MM-dd}";

        var networks = await web.JsonAsync($"{path}&axis_x=resolver_asn&axis_y=asn", key);
        Assert.Equal(
            [("", "AS64501", 1), ("", "AS64502", 2), ("AS64501", "AS64501", 1), ("AS64501", "AS64502", 0), ("AS64999", "AS64501", 1), ("AS64999", "AS64502", 0)],
            networks["rows"]!.AsArray().Select(row => ((string)row!["x"]!, (string)row["y"]!, (int)row["cells"]!)));
        var versions = await web.JsonAsync($"{path}&axis_x=domain&axis_y=agent_version", key);
        Assert.Equal(
            [("never.example", "", 2), ("never.example", "0.1.0", 0), (InventedCountry.Host, "", 0), (InventedCountry.Host, "0.1.0", 2)],
            versions["rows"]!.AsArray().Select(row => ((string)row!["x"]!, (string)row["y"]!, (int)row["cells"]!)));
        await web.ProblemAsync($"{path}&axis_x=agent_version", HttpStatusCode.Unauthorized);
        foreach (var reader in new[] { key, null })
        {
            using var page = await web.GetAsync("/explore?cc=KH", reader);
            Assert.Equal(reader is not null, (await page.Content.ReadAsStringAsync(WebGround.Ct)).Contains("resolver_asn", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_public_counts_what_it_sees_and_those_with_a_key_what_they_see()
    {
        int Decided(JsonNode view) => view["rows"]!.AsArray().Sum(row => (int)row!["decided"]!);
        // At one provider two volunteers looked, often enough to say something: less than is published.
        var path = "/api/v1/aggregation?cc=KH&axis_x=time&axis_y=asn&since=2026-03-21&until=2026-03-22";
        var (everybody, analyst) = (Decided(await country.Web.JsonAsync(path)), Decided(await country.Web.JsonAsync(path, country.AnalystKey)));
        Assert.True(everybody < analyst, $"{everybody} and {analyst}");
    }
}
