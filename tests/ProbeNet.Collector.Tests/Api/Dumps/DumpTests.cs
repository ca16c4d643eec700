using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Api.Dumps;

public sealed class DumpTests : IAsyncLifetime
{
    const string Day = "2026-11-18";

    DumpedCountry _country = null!;

    public async ValueTask InitializeAsync()
    {
        _country = await DumpedCountry.CreateAsync();
        await _country.Maker.RunOnceAsync(again: true, Ct);
    }

    public ValueTask DisposeAsync() => _country.DisposeAsync();

    [Fact]
    public async Task A_dump_is_what_the_public_is_told_of_the_day_and_no_more()
    {
        var days = (await _country.Web.JsonAsync("/api/v1/dumps"))["items"]!.AsArray().Select(item => (string)item!["day"]!).ToList();
        // The day that is not over and those of the delay are not there.
        Assert.Equal([Day, "2026-11-17", "2026-11-16"], days);
        var events = 0;
        foreach (var day in days)
        {
            var window = $"since={day}&until={DateOnly.Parse(day, CultureInfo.InvariantCulture).AddDays(1):yyyy-MM-dd}";
            using var matrix = await _country.Web.GetAsync($"/api/v1/matrix?cc=KH&{window}", headers: ("Accept", "text/csv"));
            var told = (await matrix.Content.ReadAsStringAsync(Ct)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            var dumped = await _country.LinesAsync(day, 1, "cells");
            Assert.Equal(5, dumped.Length);
            // All but when it was computed: that is finer than a day.
            Assert.Equal(told.Select(AfterFirst), dumped.Select(AfterFirst));
            Assert.All(dumped.Skip(1), line => Assert.StartsWith("2026-11-20T00:00:00Z,", line, StringComparison.Ordinal));

            var listed = (await _country.Web.JsonAsync($"/api/v1/events?{window}"))["items"]!.AsArray();
            var lines = await _country.LinesAsync(day, 1, "events");
            Assert.Equal(listed.SelectMany(e => e!["isps"]!.AsArray().Select(isp => $"{(string)e["id"]!} {(long)isp!["asn"]!}")).Order(StringComparer.Ordinal), lines.Skip(1).Select(line => $"{line.Split(',')[0]} {line.Split(',')[7]}").Order(StringComparer.Ordinal));
            Assert.All(lines.Skip(1), line => Assert.All(line.Split(',').Where(field => field.Contains('T', StringComparison.Ordinal) && field.EndsWith('Z')), time => Assert.EndsWith("T00:00:00Z", time, StringComparison.Ordinal)));
            events += lines.Length - 1;
        }
        Assert.True(events > 0, "no event was dumped: the test shows nothing of them");
    }

    [Fact]
    public async Task The_manifest_names_every_file_by_its_hash_and_whose_data_it_is()
    {
        var manifest = await _country.ManifestAsync(Day);
        Assert.Equal(("probenet-dump/1", 1, "2026-11-20", "CC BY 4.0"), ((string)manifest["format"]!, (int)manifest["version"]!, (string)manifest["as_of"]!, (string)manifest["licence"]!));
        Assert.Contains(manifest["attribution"]!.AsArray(), line => ((string)line!).Contains("A Lab, CC BY-NC-SA 4.0", StringComparison.Ordinal));
        Assert.Equal(4, manifest["files"]!.AsArray().Count);
        foreach (var file in manifest["files"]!.AsArray())
        {
            using var response = await _country.Web.GetAsync($"{(string)manifest["path"]!}/{(string)file!["name"]!}");
            var bytes = await response.Content.ReadAsByteArrayAsync(Ct);
            Assert.Equal(((long)file["bytes"]!, (string)file["sha256"]!), (bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))));
            Assert.Equal($"\"{(string)file["sha256"]!}\"", response.Headers.ETag!.Tag);
            using var again = await _country.Web.GetAsync($"{(string)manifest["path"]!}/{(string)file["name"]!}", headers: ("If-None-Match", response.Headers.ETag.Tag));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
        var columns = (await _country.LinesAsync(Day, 1, "cells"))[0];
        Assert.Equal(columns, string.Join(',', manifest["columns"]!["cells"]!.AsArray().Select(column => (string)column!["name"]!)));
    }

    [Fact]
    public async Task The_same_input_gives_the_same_bytes_and_nothing_new_gives_no_new_version()
    {
        var before = (await _country.ManifestAsync(Day)).ToJsonString();
        Assert.Equal(0, await _country.Maker.RunOnceAsync(again: true, Ct));
        Directory.Delete(Path.Combine(_country.Web.State, "dumps"), recursive: true);
        await _country.Web.ProblemAsync($"/api/v1/dumps/{Day}/1/cells-{Day}.csv.gz", HttpStatusCode.Gone);
        _country.Web.Ground.Store.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await _country.Maker.RunOnceAsync(again: true, Ct));
        Assert.Equal(before, (await _country.ManifestAsync(Day)).ToJsonString());
        foreach (var file in JsonNode.Parse(before)!["files"]!.AsArray())
            Assert.Equal((string)file!["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(await _country.FileAsync(Day, 1, (string)file["name"]!))));
    }

    [Fact]
    public async Task Late_data_makes_a_new_version_of_its_day_alone_and_the_manifest_says_so()
    {
        var first = await _country.ManifestAsync(Day);
        // The third volunteer of 64503: now the public sees it.
        await _country.LateAsync(23, 64503, denied: true);
        Assert.Equal(1, await _country.Maker.RunOnceAsync(again: true, Ct));
        var second = await _country.ManifestAsync(Day);
        Assert.Equal(2, (int)second["version"]!);
        var former = Assert.Single(second["former"]!.AsArray())!;
        Assert.Equal(first["files"]!.ToJsonString(), former["files"]!.ToJsonString());
        Assert.Contains(await _country.LinesAsync(Day, 2, "cells"), line => line.Contains(",64503,", StringComparison.Ordinal) && line.Contains(",3-5,", StringComparison.Ordinal));
        var gone = await _country.Web.ProblemAsync($"/api/v1/dumps/{Day}/1/cells-{Day}.csv.gz", HttpStatusCode.Gone);
        Assert.Contains("Version 2", (string)gone["detail"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await _country.ManifestAsync("2026-11-17"))["version"]!);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => _country.Web.Ground.Store.ReadAsync<long>("with gone as (delete from dump_version returning 1) select count(*) from gone"));
    }

    [Fact]
    public async Task What_the_public_may_not_see_makes_no_new_version_and_neither_does_a_new_list()
    {
        await _country.LateAsync(32, 64504, denied: true);
        await _country.Web.Ground.Store.ReadAsync<string>(
            "insert into list_entry (list, version, position, input, target, category_code, priority, page) values ('kh', 1, 9, 'https://new.example/', 'new.example', 'NEWS', false, false) returning list");
        Assert.Equal(0, await _country.Maker.RunOnceAsync(again: true, Ct));
        Assert.Empty((await _country.ManifestAsync(Day))["former"]!.AsArray());
    }

    [Theory]
    [InlineData("/api/v1/dumps/2026-11-19")]
    [InlineData("/api/v1/dumps/2026-11-20")]
    [InlineData("/api/v1/dumps/yesterday")]
    [InlineData("/api/v1/dumps/2026-11-18/1/..%2F..%2Fnetworks.tsv")]
    [InlineData("/api/v1/dumps/2026-11-18/2/cells-2026-11-18.csv.gz")]
    public async Task What_is_not_published_is_not_there(string path) => await _country.Web.ProblemAsync(path, HttpStatusCode.NotFound);

    static string AfterFirst(string line) => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..];
}
