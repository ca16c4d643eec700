using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Api.Evidence;
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
            "/api/v1/isps/64503", "/api/v1/coverage", "/api/v1/controls", "/api/v1/lists", "/api/v1/methods", "/openapi/v1.json", "/metrics", "/", "/matrix.csv?cc=KH",
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

    [Fact]
    public async Task An_evidence_bundle_proves_itself_offline_and_shows_every_change()
    {
        var bundle = await BundleAsync(await AnyUidAsync());
        var claims = Check(bundle);
        Assert.DoesNotContain(claims, claim => claim.Strength == Strength.False);
        Assert.Contains(claims, claim => claim is { Strength: Strength.Proven } && claim.Text.Contains("signed exactly these bytes", StringComparison.Ordinal));
        Assert.Contains(claims, claim => claim is { Strength: Strength.CollectorsWord } && claim.Text.Contains("belongs to AS64501", StringComparison.Ordinal));
        foreach (var file in new[] { BundleFile.Measurement, BundleFile.Seal, BundleFile.Certificate, BundleFile.Receipt, BundleFile.Facts })
            Assert.True(IsFalse(Altered(bundle, file)), $"{file} was altered and nobody noticed");
        Assert.Throws<InvalidDataException>(() => Check([1, 2, 3]));
    }

    [Fact]
    public async Task Without_the_link_to_the_key_a_bundle_says_what_is_left()
    {
        var uid = await _web.Ground.Store.ReadAsync<Guid>("select uid from measurement where asn = 64502 order by uid limit 1");
        await _web.Ground.Store.ReadAsync<long>("with gone as (delete from batch where seal_hash = (select batch from measurement where uid = $1) returning 1) select count(*) from gone", uid);
        var claims = Check(await BundleAsync(uid));
        Assert.DoesNotContain(claims, claim => claim.Strength == Strength.False);
        Assert.Contains(claims, claim => claim is { Strength: Strength.Missing } && claim.Text.Contains("30 days", StringComparison.Ordinal));
        Assert.DoesNotContain(claims, claim => claim.Text.Contains("signed exactly these bytes", StringComparison.Ordinal));
    }

    async Task<Guid> AnyUidAsync() => await _web.Ground.Store.ReadAsync<Guid>("select uid from measurement where asn = 64501 order by uid limit 1");

    async Task<byte[]> BundleAsync(Guid uid)
    {
        using var response = await _web.GetAsync($"/api/v1/measurements/{uid}/evidence", await _web.KeyAsync());
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }

    static IReadOnlyList<Claim> Check(byte[] bundle)
    {
        using var stream = new MemoryStream(bundle);
        return BundleCheck.Run(stream, null);
    }

    static bool IsFalse(byte[] bundle)
    {
        try
        {
            return Check(bundle).Any(claim => claim.Strength == Strength.False);
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    static byte[] Altered(byte[] bundle, string file)
    {
        using var copy = new MemoryStream();
        copy.Write(bundle);
        using (var zip = new ZipArchive(copy, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var stream = zip.GetEntry(file)!.Open();
            stream.Position = stream.Length / 2;
            var value = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(value ^ 1));
        }
        return copy.ToArray();
    }

    [GeneratedRegex("<(?<path>[^>]+)>; rel=\"next\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();
}
