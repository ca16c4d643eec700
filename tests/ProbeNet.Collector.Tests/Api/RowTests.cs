using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Store;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Api;

public sealed partial class RowTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    readonly WebGround _web = country.Web;

    [Fact]
    public async Task Without_a_key_there_are_no_rows()
    {
        var uid = await AnyUidAsync();
        foreach (var path in new[] { "/api/v1/measurements", $"/api/v1/measurements/{uid}", $"/api/v1/measurements/{uid}/evidence" })
        {
            await _web.ProblemAsync(path, HttpStatusCode.Unauthorized);
            await _web.ProblemAsync(path, HttpStatusCode.Unauthorized, new string('a', 43));
        }
    }

    [Fact]
    public async Task Nothing_public_holds_an_identifier_of_a_measurement_or_a_volunteer()
    {
        var secrets = new List<string>();
        await foreach (var row in _web.Services.GetRequiredService<MeasurementQueries>().RowsAsync(new() { Until = DateTimeOffset.MaxValue }, 1000, Ct))
            secrets.AddRange([row.Row.Uid.ToString(), row.Row.Uid.ToString("n")]);
        Assert.NotEmpty(secrets);
        string[] paths =
        [
            "/api/v1/matrix?cc=KH", "/api/v1/cells/KH/www.news.example/64501", "/api/v1/cells/KH/www.news.example/64503", "/api/v1/isps", "/api/v1/isps/64501",
            "/api/v1/isps/64503", "/api/v1/coverage", "/api/v1/controls", "/api/v1/lists", "/api/v1/methods", "/api/v1/dumps", "/openapi/v1.json", "/metrics", "/", "/matrix.csv?cc=KH",
            "/cells/KH/www.news.example/64501", "/cells/KH/www.news.example", "/matrix?cc=KH&sort=differs", "/events", "/attribution/KH", "/isps", "/isps/AS64501", "/isps/AS64503", "/coverage",
        ];
        foreach (var path in paths)
        {
            using var response = await _web.GetAsync(path);
            var body = await response.Content.ReadAsStringAsync(Ct);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {body}");
            Assert.DoesNotContain(secrets, secret => body.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Counts_of_a_slice_with_few_volunteers_are_hidden_everywhere()
    {
        // A provider is known for ever; that somebody was there on one day is not told of few.
        foreach (var (path, rows) in new[] { ("/api/v1/isps", 4), ("/api/v1/coverage", 2) })
        {
            var items = (await _web.JsonAsync(path))["items"]!.AsArray();
            Assert.Equal(rows, items.Count);
            foreach (var item in items)
                Assert.Equal((long)item!["asn"]! <= 64502 ? "3-5" : null, (string?)item["units"]);
            Assert.All(items.Where(item => (long)item!["asn"]! > 64502), item => Assert.Null(item!["runs"]));
        }
    }

    [Fact]
    public async Task Pages_of_rows_hold_every_row_once_and_each_read_is_logged()
    {
        var key = await _web.KeyAsync();
        var seen = new List<string>();
        var path = "/api/v1/measurements?cc=KH&limit=7";
        for (var pages = 0; path is not null && pages < 20; pages++)
        {
            using var response = await _web.GetAsync(path, key);
            var items = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!["items"]!.AsArray();
            seen.AddRange(items.Select(item => (string)item!["uid"]!));
            path = response.Headers.TryGetValues("Link", out var links) ? Next().Match(links.Single()).Groups["path"].Value : null;
        }
        var stored = await _web.Ground.Store.ReadAsync<long>("select count(*) from measurement where cc = 'KH'");
        Assert.Equal(stored, seen.Count);
        Assert.Equal(stored, seen.Distinct().Count());
        var id = (await _web.Services.GetRequiredService<ApiKeys>().FindAsync(key, Ct))!.Id;
        Assert.Equal((stored / 7) + 1, await _web.Ground.Store.ReadAsync<long>("select count(*) from access_log where key_id = $1 and what like 'measurements?cc=KH&limit=7%'", id));
    }

    [Fact]
    public async Task A_row_says_what_was_found_and_what_controls_saw()
    {
        var key = await _web.KeyAsync();
        var row = (await _web.JsonAsync("/api/v1/measurements?asn=64501&mechanism=dns&limit=1", key))["items"]![0]!;
        Assert.Equal(("artefact", "dns"), ((string)row["finding"]!["outcome"]!, (string)row["finding"]!["layer"]!));
        Assert.Equal("bound", (string)row["asn_source"]!);
        Assert.Empty((await _web.JsonAsync("/api/v1/measurements?asn=64501&mechanism=tls", key))["items"]!.AsArray());

        var detail = await _web.JsonAsync($"/api/v1/measurements/{(string)row["uid"]!}", key);
        Assert.Equal("8.18.1.1", (string)detail["observations"]!["tcp"]![0]!["address"]!);
        Assert.NotEmpty(detail["controls"]!.AsArray());
        await _web.ProblemAsync($"/api/v1/measurements/{Guid.NewGuid()}", HttpStatusCode.NotFound, key);
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing()
    {
        var keys = _web.Services.GetRequiredService<ApiKeys>();
        var (text, key) = await keys.CreateAsync(ApiRole.Operator, "gone", Ct);
        await _web.JsonAsync("/api/v1/measurements?limit=1", text);
        Assert.True(await keys.RevokeAsync(key.Id, Ct));
        Assert.False(await keys.RevokeAsync(key.Id, Ct));
        await _web.ProblemAsync("/api/v1/measurements?limit=1", HttpStatusCode.Unauthorized, text);
        // Not silently the public's.
        await _web.ProblemAsync("/api/v1/matrix?cc=KH", HttpStatusCode.Unauthorized, text);
    }

    async Task<Guid> AnyUidAsync() => await _web.Ground.Store.ReadAsync<Guid>("select uid from measurement where asn = 64501 order by uid limit 1");

    [GeneratedRegex("<(?<path>[^>]+)>; rel=\"next\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();
}
