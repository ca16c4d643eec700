using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Store;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Api.Exports;

/// <summary>Exports over REST. Each test has keys of its own.</summary>
public sealed class ExportJobTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    const string Days = """ "since":"2026-11-18","until":"2026-11-21" """;

    readonly WebGround _web = country.Web;

    [Fact]
    public async Task An_export_is_made_in_the_background_and_its_files_are_those_of_its_manifest()
    {
        var key = await _web.KeyAsync();
        var asked = await AskedAsync(key, $$"""{"kind":"rows","format":"parquet","cc":"KH","asn":64501,{{Days}}}""");
        var done = await DoneAsync(asked, key);
        Assert.Equal(("done", 3, 3), ((string)done["state"]!, (int)done["progress"]!["done"]!, (int)done["progress"]!["total"]!));
        var manifest = JsonNode.Parse(await FileAsync(done, "manifest.json", key))!;
        Assert.Equal(("64501", "KH"), ((string)manifest["filter"]!["asn"]!, (string)manifest["filter"]!["cc"]!));
        foreach (var part in manifest["partitions"]!.AsArray())
            Assert.Equal((string)part!["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(await FileAsync(done, (string)part["name"]!, key))));
        Assert.Equal(await _web.Ground.Store.ReadAsync<long>("select count(*) from measurement where asn = 64501"), manifest["partitions"]!.AsArray().Sum(part => (long)part!["rows"]!));
        // Who asked for rows and who fetched them is known, to the day.
        var id = (await _web.Services.GetRequiredService<ApiKeys>().FindAsync(key, Ct))!.Id;
        Assert.Equal(1, await _web.Ground.Store.ReadAsync<long>("select count(*) from access_log where key_id = $1 and what = 'export rows 2026-11-18 to 2026-11-21 cc=KH asn=64501'", id));
        Assert.Equal(4, await _web.Ground.Store.ReadAsync<long>("select count(*) from access_log where key_id = $1 and what like 'export rows ' || $2 || ' %'", id, (string)done["id"]!));
        var address = $"/api/v1/exports/{done["id"]}/files/{manifest["partitions"]![0]!["name"]}";
        using var again = await _web.GetAsync(address, key, ("If-None-Match", $"\"{(string)manifest["partitions"]![0]!["sha256"]!}\""));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("cells", "csv")]
    [InlineData("events", "jsonl")]
    [InlineData("ooni", "jsonl")]
    public async Task Every_kind_can_be_asked_for(string kind, string format)
    {
        var key = await _web.KeyAsync();
        var done = await DoneAsync(await AskedAsync(key, $$"""{"kind":"{{kind}}","format":"{{format}}","cc":"KH",{{Days}}}"""), key);
        Assert.Equal("done", (string)done["state"]!);
        var file = Encoding.UTF8.GetString(await FileAsync(done, $"{kind}-2026-11-20.{format}", key));
        Assert.Equal(kind switch { "cells" => 5, "events" => 0, _ => 44 }, file.Count(c => c == '\n'));
    }

    [Fact]
    public async Task The_public_gets_nothing_an_analyst_his_own_and_an_operator_all()
    {
        var (key, other, operators) = (await _web.KeyAsync(), await _web.KeyAsync(), await _web.KeyAsync(ApiRole.Operator));
        var body = $$"""{"kind":"cells","cc":"KH",{{Days}}}""";
        var asked = await DoneAsync(await AskedAsync(key, body), key);
        var path = $"/api/v1/exports/{asked["id"]}";
        foreach (var (caller, status) in new[] { (null, HttpStatusCode.Unauthorized), (other, HttpStatusCode.NotFound), (operators, HttpStatusCode.OK), (key, HttpStatusCode.OK) })
        {
            foreach (var below in new[] { path, $"{path}/files/manifest.json", $"{path}/files/cells-2026-11-20.csv" })
            {
                using var response = await _web.GetAsync(below, caller);
                Assert.Equal(status, response.StatusCode);
            }
            if (status is HttpStatusCode.OK)
                continue;
            using var removed = await SendAsync(HttpMethod.Delete, path, caller);
            Assert.Equal(status, removed.StatusCode);
        }
        using var refused = await SendAsync(HttpMethod.Post, "/api/v1/exports", null, body);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await _web.ProblemAsync("/api/v1/exports", HttpStatusCode.Unauthorized);
        Assert.DoesNotContain((await _web.JsonAsync("/api/v1/exports", other))["items"]!.AsArray(), item => (string)item!["id"]! == (string)asked["id"]!);
        Assert.Contains((await _web.JsonAsync("/api/v1/exports", operators))["items"]!.AsArray(), item => (string)item!["id"]! == (string)asked["id"]!);

        using var gone = await SendAsync(HttpMethod.Delete, path, key);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await _web.ProblemAsync(path, HttpStatusCode.NotFound, key);
        Assert.False(Directory.Exists(Path.Combine(Folder, (string)asked["id"]!)));
    }

    [Fact]
    public async Task A_key_has_five_exports_at_most()
    {
        var key = await _web.KeyAsync();
        var body = $$"""{"kind":"events",{{Days}}}""";
        var first = await AskedAsync(key, body);
        for (var i = 1; i < 5; i++)
            await AskedAsync(key, body);
        using var refused = await SendAsync(HttpMethod.Post, "/api/v1/exports", key, body);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        using var removed = await SendAsync(HttpMethod.Delete, $"/api/v1/exports/{first["id"]}", key);
        await AskedAsync(key, body);
    }

    [Theory]
    [InlineData("""{"kind":"units"}""", "kind")]
    [InlineData("""{"kind":"cells"}""", "cc")]
    [InlineData("""{"kind":"cells","cc":"KH","format":"xml"}""", "format")]
    [InlineData("""{"kind":"ooni","format":"csv"}""", "format")]
    [InlineData("""{"kind":"cells","cc":"KH","unit":"3"}""", "unit")]
    [InlineData("""{"kind":"cells","cc":"KH","since":"2026-11-20T10:00:00Z"}""", "since")]
    [InlineData("""{"kind":"cells","cc":"KH","since":"2020-01-01"}""", "since")]
    [InlineData("""{"kind":"cells","cc":["KH"]}""", null)]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    public async Task What_cannot_be_understood_is_said(string body, string? parameter)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/v1/exports", await _web.KeyAsync(), body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(parameter, (string?)(await response.Content.ReadFromJsonAsync<JsonObject>(Ct))!["parameter"]);
    }

    string Folder => Path.Combine(_web.State, "exports");

    async Task<byte[]> FileAsync(JsonNode export, string name, string key)
    {
        using var response = await _web.GetAsync($"/api/v1/exports/{export["id"]}/files/{name}", key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }

    Task<JsonNode> DoneAsync(JsonNode asked, string key) => ExportCalls.DoneAsync(_web, asked, key);

    Task<JsonNode> AskedAsync(string key, string body) => ExportCalls.AskedAsync(_web, key, body);

    Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, string? body = null) => ExportCalls.SendAsync(_web, method, path, key, body);
}
