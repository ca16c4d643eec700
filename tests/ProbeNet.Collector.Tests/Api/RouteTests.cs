using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>The outside changes only by decision: whoever adds a route says so here.</summary>
public sealed class RouteTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    const string Approved = """
        DELETE /api/v1/exports/{id} · analysts
        DELETE /api/v1/webhooks/{id} · operators
        GET / · public
        GET /api/v1/aggregation · public
        GET /api/v1/attribution/{cc} · public
        GET /api/v1/cells/{cc}/{domain}/{asn} · public
        GET /api/v1/controls · public
        GET /api/v1/coverage · public
        GET /api/v1/dumps · public
        GET /api/v1/dumps/{day} · public
        GET /api/v1/dumps/{day}/{version}/{name} · public
        GET /api/v1/events · public
        GET /api/v1/events.atom · public
        GET /api/v1/events/{id} · public
        GET /api/v1/exports · analysts
        GET /api/v1/exports/{id} · analysts
        GET /api/v1/exports/{id}/files/{name} · analysts
        GET /api/v1/isps · public
        GET /api/v1/isps/{asn} · public
        GET /api/v1/lists · public
        GET /api/v1/matrix · public
        GET /api/v1/measurements · analysts
        GET /api/v1/measurements/{uid:guid} · analysts
        GET /api/v1/measurements/{uid:guid}/evidence · analysts
        GET /api/v1/methods · public
        GET /api/v1/published · public
        GET /api/v1/rollouts · analysts
        GET /api/v1/rollouts/{list}/{version} · analysts
        GET /api/v1/stream · analysts
        GET /api/v1/webhooks · operators
        GET /api/v1/webhooks/{id} · operators
        GET /assets/chart.js
        GET /assets/icon.svg
        GET /assets/matrix.js
        GET /assets/site.css
        GET /attribution/{cc?} · public
        GET /attribution/{cc}/onsets.svg · public
        GET /attribution/{cc}/paths.svg · public
        GET /cells/{cc}/{domain} · public
        GET /cells/{cc}/{domain}/chart.svg · public
        GET /cells/{cc}/{domain}/{asn} · public
        GET /corrections · public
        GET /coverage · public
        GET /dumps · public
        GET /events · public
        GET /events/{id} · public
        GET /explore · public
        GET /explore.svg · public
        GET /isps · public
        GET /isps/{asn} · public
        GET /matrix · public
        GET /matrix.csv · public
        GET /measurements · analysts
        GET /measurements/{uid:guid} · analysts
        GET /ooni · analysts
        GET /openapi/{documentName}.json
        GET /rollouts · analysts
        GET /sign-in · public
        POST /api/v1/exports · analysts
        POST /api/v1/webhooks · operators
        POST /sign-in
        POST /sign-out
        any /healthz
        any /readyz
        """;

    [Fact]
    public void The_routes_are_the_approved_ones()
    {
        var routes = country.Web.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText != "/metrics")
            .Select(endpoint =>
            {
                var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? string.Join(',', named) : "any";
                var who = endpoint.Metadata.GetMetadata<Takes>() is { } takes ? takes.OperatorsOnly ? " · operators" : takes.AnalystsOnly ? " · analysts" : " · public" : "";
                return $"{methods} /{endpoint.RoutePattern.RawText!.TrimStart('/')}{who}";
            }).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Approved.ReplaceLineEndings("\n"), string.Join('\n', routes));
    }

    [Fact]
    public async Task The_description_has_every_resource_with_its_parameters()
    {
        var description = await country.Web.JsonAsync("/openapi/v1.json");
        var paths = description["paths"]!.AsObject();
        Assert.Equal(28, paths.Count);
        var matrix = paths["/api/v1/matrix"]!["get"]!["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!);
        Assert.Equal(["cc", "asn", "domain", "category_code", "mechanism", "state", "since", "until", "min_units", "as_of"], matrix);
        Assert.DoesNotContain("127.0.0.1", description.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_takes_a_body_has_an_example_that_is_taken()
    {
        var paths = (await country.Web.JsonAsync("/openapi/v1.json"))["paths"]!.AsObject();
        var bodies = paths.Where(path => path.Value!["post"]?["requestBody"] is not null).ToArray();
        Assert.Equal(["/api/v1/exports", "/api/v1/webhooks"], bodies.Select(path => path.Key).Order(StringComparer.Ordinal));
        var key = await country.Web.KeyAsync(ApiRole.Operator);
        foreach (var (path, methods) in bodies)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(methods!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]) };
            request.Headers.Authorization = new("Bearer", key);
            using var answer = await country.Web.Http.SendAsync(request, WebGround.Ct);
            Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{path}: {await answer.Content.ReadAsStringAsync(WebGround.Ct)}");
        }
    }

    [Theory]
    [InlineData("/api/v1/matrix?cc=KH", HttpStatusCode.OK)]
    [InlineData("/api/v1/matrix?cc=KH&color=red", HttpStatusCode.BadRequest)]
    [InlineData("/", HttpStatusCode.OK)]
    public async Task HEAD_is_GET_without_a_body(string path, HttpStatusCode status)
    {
        using var whole = await country.Web.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await country.Web.Http.SendAsync(request, WebGround.Ct);
        Assert.Equal((status, status), (whole.StatusCode, head.StatusCode));
        Assert.Equal(whole.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(WebGround.Ct));
    }

    [Fact]
    public async Task Health_readiness_and_metrics_answer()
    {
        foreach (var (path, expected) in new[] { ("/healthz", "Healthy"), ("/readyz", "store: ready"), ("/metrics", "service_name=\"probenet-collector\"") })
        {
            using var response = await country.Web.GetAsync(path);
            Assert.True(response.IsSuccessStatusCode, path);
            Assert.Contains(expected, await response.Content.ReadAsStringAsync(WebGround.Ct), StringComparison.Ordinal);
        }
    }
}
