using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>Whatever is asked of pages and API: an answer or a reason, never a fault of ours, and to the public nothing that is not the public's.</summary>
public sealed class ParameterFuzzTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    const int Seed = 20_261_127;
    const int AtOnce = 4;

    static readonly string[] Names =
    [
        "cc", "asn", "domain", "category_code", "mechanism", "state", "since", "until", "min_units", "as_of", "compare", "sort", "lang", "limit", "cursor", "circumstance", "axis_x", "__proto__", "",
    ];

    static readonly string[] Hostile =
    [
        "", "0", "-1", "AS", "AS64501", "64501", "4294967296", "99999999999999999999", "null", "NaN", "XA", "xa", "KH", "ZZZ", "ខ្មែរ", "%00", "' or 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "\u202e", "\ud83d\ude00",
        "2026-03-05", "2026-03-09", "2026-03-13", "2026-03-14", "0001-01-01", "9998-12-31", "2026-02-30", "2026-03-05T10:00:00Z", "2026-03-05T10:00:00+07:00", "blocked", "ok", "insufficient", "dns", "dns.nxdomain", "tcp.", "NEWS", "differs", "name", "en", "km", "true",
        "1000", "1001", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "site-0.example", "https://site-0.example/", "%2F", "%2f%2f", "a%0d%0aSet-Cookie:x=1", "00000000-0000-0000-0000-000000000000", "v1", "v2",
    ];

    static int Requests => Environment.GetEnvironmentVariable("PROBENET_FULL") == "1" ? 10_000 : 1_000;

    [Fact]
    public async Task Fuzzed_parameters_give_an_answer_or_a_reason_and_to_the_public_only_what_is_the_publics()
    {
        var check = await PublicAnswer.OfAsync(country);
        // As in a collector that runs: what is dear to compute is kept for a while.
        country.Web.Ground.Store.Clock.MeasuresTime = true;
        var routes = country.Web.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != false && route.RoutePattern.RawText is { } path && !path.StartsWith("/metrics", StringComparison.Ordinal))
            .Select(route => (Pattern: "/" + route.RoutePattern.RawText!.TrimStart('/'), Takes: route.Metadata.GetMetadata<Takes>())).OrderBy(route => route.Pattern, StringComparer.Ordinal).ToArray();
        var values = Hostile.Concat((await country.Web.JsonAsync("/api/v1/matrix?cc=XA"))["targets"]!.AsArray().Select(target => (string)target!["domain"]!)).ToArray();
        var random = new Random(Seed);
        var asked = Enumerable.Range(0, Requests).Select(_ => Made(routes[random.Next(routes.Length)], values, random)).ToArray();
        var (faults, statuses) = (new ConcurrentBag<string>(), new ConcurrentDictionary<(string Who, int Status), int>());
        await Parallel.ForEachAsync(asked, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = WebGround.Ct }, async (request, ct) =>
        {
            var key = request.Who switch { "analyst" => country.AnalystKey, "operator" => country.OperatorKey, _ => null };
            using var answer = await country.Web.GetAsync(request.Path, key);
            var status = (int)answer.StatusCode;
            statuses.AddOrUpdate((request.Who, status / 100), 1, (_, count) => count + 1);
            if (status >= 500)
                faults.Add($"{request.Who} {request.Path}: {status}");
            else if (key is null && status < 300)
            {
                if (request.AnalystsOnly)
                    faults.Add($"{request.Path}: {status} without a key");
                foreach (var fault in check.Faults(request.Path, await answer.Content.ReadAsStringAsync(ct)))
                    faults.Add(fault);
            }
            else if (request.Path.StartsWith("/api/", StringComparison.Ordinal) && status >= 400 && answer.StatusCode != HttpStatusCode.NotModified && answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
                faults.Add($"{request.Path}: {status} is no problem document");
        });
        Assert.Empty(faults.Distinct().Take(20));
        // The search reached answers and refusals of each role.
        foreach (var who in new[] { "public", "analyst", "operator" })
            foreach (var kind in new[] { 2, 4 })
                Assert.True(statuses.GetValueOrDefault((who, kind)) > Requests / 50, $"{who} {kind}xx: {statuses.GetValueOrDefault((who, kind))}");
    }

    static (string Who, string Path, bool AnalystsOnly) Made((string Pattern, Takes? Takes) route, string[] values, Random random)
    {
        string Value() => values[random.Next(values.Length)];
        var path = string.Join('/', route.Pattern.Split('/').Select(part => !part.StartsWith('{') ? part : Uri.EscapeDataString(part.Contains("asn", StringComparison.Ordinal) && random.Next(3) > 0 ? "64501" : part.Contains("cc", StringComparison.Ordinal) && random.Next(3) > 0 ? "XA" : Value())));
        // Half of the parameters are those that the route takes.
        var known = route.Takes?.Parameters ?? [];
        var query = Enumerable.Range(0, random.Next(4)).Select(_ => (Name: known.Length > 0 && random.Next(8) > 0 ? known[random.Next(known.Length)] : Names[random.Next(Names.Length)], Text: Value()))
            .Select(pair => $"{pair.Name}={Uri.EscapeDataString(Fitting(pair.Name, pair.Text, random))}");
        return (new[] { "public", "public", "analyst", "operator" }[random.Next(4)], $"{path}?{string.Join('&', query)}", route.Takes?.AnalystsOnly == true);
    }

    // What is valid reaches deeper.
    static string Fitting(string name, string text, Random random) => random.Next(3) == 0 ? text : name switch
    {
        "cc" => "XA",
        "asn" => random.Next(64501, 64508).ToString(CultureInfo.InvariantCulture),
        "since" or "compare" => SparseCountry.Day(random.Next(6)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "until" => SparseCountry.Day(random.Next(6, 14)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "as_of" => SparseCountry.Day(random.Next(14)).AddHours(random.Next(24)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        "min_units" or "limit" => random.Next(12).ToString(CultureInfo.InvariantCulture),
        "lang" => "km",
        _ => text,
    };
}
