using System.Net;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Tests.Analysis;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Api;

public sealed class MatrixTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    readonly WebGround _web = country.Web;

    [Fact]
    public async Task An_analyst_sees_exact_figures_and_a_witness()
    {
        var matrix = await _web.JsonAsync("/api/v1/matrix?cc=KH", await _web.KeyAsync());
        var cell = Cell(matrix, InventedCountry.Host, 64501);
        Assert.Equal("blocked", (string)cell["state"]!);
        Assert.Equal("dns.nxdomain", (string)cell["mechanisms"]![0]!);
        Assert.Equal("resolver", (string)cell["via"]!);
        Assert.Equal((4, 4, 16, 16), ((int)cell["units"]!, (int)cell["groups"]!, (int)cell["runs"]!, (int)cell["interference_runs"]!));
        Assert.NotNull(cell["witness"]);
        Assert.Equal("blocked", (string)Cell(matrix, InventedCountry.Host, 64503)["state"]!);
        Assert.Equal("one_volunteer", (string)Cell(matrix, InventedCountry.Host, 64504)["reason"]!);
        Assert.Equal("Invented Provider 1", (string)matrix["isps"]![0]!["name"]!);
    }

    [Fact]
    public async Task The_public_sees_classes_and_nothing_of_few_volunteers()
    {
        var matrix = await _web.JsonAsync("/api/v1/matrix?cc=KH");
        var cell = Cell(matrix, InventedCountry.Host, 64501);
        Assert.Equal("blocked", (string)cell["state"]!);
        Assert.Equal(("3-5", "11+"), ((string)cell["units"]!, (string)cell["runs"]!));
        Assert.Null(cell["witness"]);
        Assert.All(cell["since"]!.AsArray().Where(moment => moment is not null), moment => Assert.EndsWith("T00:00:00Z", (string)moment!, StringComparison.Ordinal));
        // Two volunteers, one volunteer: told apart by nothing.
        JsonNode two = Cell(matrix, InventedCountry.Host, 64503), one = Cell(matrix, InventedCountry.Host, 64504);
        (two["asn"], one["asn"]) = (null, null);
        Assert.Equal(two.ToJsonString(), one.ToJsonString());
        Assert.Equal(("insufficient", "below_floor"), ((string)two["state"]!, (string)two["reason"]!));
        Assert.Null(two["units"]);
        Assert.Equal(2, (int)matrix["coverage"]!["decided_cells"]!);
    }

    [Theory]
    [InlineData("min_units=3", 2)]
    [InlineData("min_units=4", 0)]
    [InlineData("state=blocked", 1)]
    [InlineData("state=insufficient", 2)]
    [InlineData("mechanism=dns", 1)]
    [InlineData("mechanism=dn", 0)]
    [InlineData("asn=AS64502", 1)]
    [InlineData("domain=WWW.news.example", 4)]
    [InlineData("category_code=POLR", 0)]
    public async Task Filters_see_what_the_public_sees(string filter, int cells) =>
        Assert.Equal(cells, (await _web.JsonAsync("/api/v1/matrix?cc=KH&" + filter))["cells"]!.AsArray().Count);

    [Theory]
    [InlineData("/api/v1/matrix", "cc")]
    [InlineData("/api/v1/matrix?cc=KHM", "cc")]
    [InlineData("/api/v1/matrix?cc=KH&country=KH", "country")]
    [InlineData("/api/v1/matrix?cc=KH&state=fine", "state")]
    [InlineData("/api/v1/matrix?cc=KH&asn=many", "asn")]
    [InlineData("/api/v1/matrix?cc=KH&cc=TH", "cc")]
    [InlineData("/api/v1/matrix?cc=KH&since=yesterday", "since")]
    [InlineData("/api/v1/matrix?cc=KH&since=2026-11-19T10:00:00Z", "since")]
    [InlineData("/api/v1/matrix?cc=KH&since=2026-11-19&until=2026-11-18", "until")]
    [InlineData("/api/v1/lists?cc=KH", "cc")]
    [InlineData("/api/v1/coverage?min_units=1", "min_units")]
    public async Task What_cannot_be_understood_is_named(string path, string parameter) =>
        Assert.Equal(parameter, (string)(await _web.ProblemAsync(path, HttpStatusCode.BadRequest))["parameter"]!);

    [Fact]
    public async Task Errors_outside_an_endpoint_are_problems_too()
    {
        await _web.ProblemAsync("/api/v1/nothing", HttpStatusCode.NotFound);
        await _web.ProblemAsync("/api/v1/cells/KH/unknown.example/64501", HttpStatusCode.NotFound);
        using var post = await _web.Http.PostAsync("/api/v1/matrix", null, Ct);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "application/problem+json"), (post.StatusCode, post.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Csv_has_a_row_for_every_cell()
    {
        using var response = await _web.GetAsync("/api/v1/matrix?cc=KH", null, ("Accept", "text/csv"));
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        var lines = (await response.Content.ReadAsStringAsync(Ct)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("as_of,cc,since,until,domain,", lines[0], StringComparison.Ordinal);
        Assert.Contains(",64501,Invented Provider 1,blocked,,dns.nxdomain,resolver,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_the_answer_already_gets_no_body()
    {
        using var first = await _web.GetAsync("/api/v1/matrix?cc=KH");
        using var second = await _web.GetAsync("/api/v1/matrix?cc=KH", null, ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Ct));
        using var asAnalyst = await _web.GetAsync("/api/v1/matrix?cc=KH", await _web.KeyAsync(), ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, asAnalyst.StatusCode);
        Assert.True(asAnalyst.Headers.CacheControl!.Private);
    }

    [Fact]
    public async Task A_day_in_progress_waits_for_the_delay()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false));
        await InventedCountry.FillAsync(ground);
        await using var web = await WebGround.StartAsync(ground);

        var matrix = await web.JsonAsync("/api/v1/matrix?cc=KH");
        Assert.Equal("2026-11-19T00:00:00Z", (string)matrix["until"]!);
        Assert.All(matrix["cells"]!.AsArray(), cell => Assert.Equal("insufficient", (string)cell!["state"]!));
        await web.ProblemAsync("/api/v1/matrix?cc=KH&since=2026-11-20", HttpStatusCode.BadRequest);
        var analyst = await web.JsonAsync("/api/v1/matrix?cc=KH", await web.KeyAsync());
        Assert.Equal("blocked", (string)Cell(analyst, InventedCountry.Host, 64501)["state"]!);

        ground.Store.Clock.Advance(TimeSpan.FromHours(36));
        Assert.Equal("blocked", (string)Cell(await web.JsonAsync("/api/v1/matrix?cc=KH"), InventedCountry.Host, 64501)["state"]!);
    }

    [Fact]
    public async Task A_cell_gives_its_reasons_and_the_public_gets_them_without_figures()
    {
        const string path = "/api/v1/cells/kh/www.news.example/64501";
        var whole = await _web.JsonAsync(path, await _web.KeyAsync());
        Assert.Equal(4, whole["unit_evidence"]!.AsArray().Count);
        Assert.Contains("4", (string)whole["reasoning"]![0]!["text"]!, StringComparison.Ordinal);
        Assert.Equal(8, (int)whole["controls"]![0]!["reached"]!);

        var shown = await _web.JsonAsync(path);
        Assert.Null(shown["unit_evidence"]);
        Assert.NotEmpty(shown["reasoning"]!.AsArray());
        Assert.All(shown["reasoning"]!.AsArray(), step => Assert.DoesNotContain((string)step!["text"]!, char.IsDigit));
        Assert.Equal("3-5", (string)shown["timeline"]![0]!["units"]!);

        var few = await _web.JsonAsync("/api/v1/cells/KH/www.news.example/64503");
        Assert.Empty(few["timeline"]!.AsArray());
        Assert.Empty(few["rules"]!.AsArray());
    }
}
