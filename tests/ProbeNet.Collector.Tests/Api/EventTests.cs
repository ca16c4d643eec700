using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ProbeNet.Collector.Tests.Analysis.Events;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>One block from its measurements to what callers are told of it.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task An_event_is_told_to_analysts_at_once_and_to_the_public_by_days_where_enough_volunteers_looked()
    {
        var country = await BlockedCountry.CreateAsync();
        var few = new[] { country.Ground.Volunteer(11, 64502), country.Ground.Volunteer(12, 64502) };
        await country.ReachedAsync(-6, 0);
        await country.ReachedAsync(-6, 3, few);
        await country.DeniedAsync(0, 5);
        await country.DeniedAsync(3, 8, few);
        await country.EventsAsync();
        await using var web = await WebGround.StartAsync(country.Ground);
        var key = await web.KeyAsync();

        var told = Assert.Single((await web.JsonAsync("/api/v1/events?cc=KH", key))["items"]!.AsArray())!;
        Assert.Equal(("KH", InventedCountry.Host, "onset", "confirmed"), ((string)told["cc"]!, (string)told["domain"]!, (string)told["kind"]!, (string)told["status"]!));
        Assert.Equal(["2026-11-19T11:40:00Z", "2026-11-19T12:00:00Z"], told["at"]!.AsArray().Select(at => (string)at!));
        Assert.Equal([(64501, 3), (64502, 2)], told["isps"]!.AsArray().Select(isp => ((int)isp!["asn"]!, (int)isp["units"]!)));
        Assert.Equal(3.0, (double)told["spread_hours"]!);
        var id = (string)told["id"]!;
        Assert.Equal("found", (string)(await web.JsonAsync($"/api/v1/events/{id}", key))["log"]![0]!["changes"]![0]!);

        Assert.Empty((await web.JsonAsync("/api/v1/events?cc=KH"))["items"]!.AsArray());
        await web.ProblemAsync($"/api/v1/events/{id}", HttpStatusCode.NotFound);
        country.Ground.Store.Clock.Advance(TimeSpan.FromHours(25));
        var seen = Assert.Single((await web.JsonAsync("/api/v1/events?cc=KH"))["items"]!.AsArray())!;
        Assert.Equal(["2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"], seen["at"]!.AsArray().Select(at => (string)at!));
        var isp = Assert.Single(seen["isps"]!.AsArray())!;
        Assert.Equal((64501, "3-5"), ((int)isp["asn"]!, (string)isp["units"]!));
        var detail = await web.JsonAsync($"/api/v1/events/{id}");
        Assert.Null(detail["log"]);
        Assert.Equal("NEWS", (string)detail["category_code"]!);
        // By hidden providers nothing is found.
        Assert.Empty((await web.JsonAsync("/api/v1/events?asn=64502"))["items"]!.AsArray());
        Assert.Single((await web.JsonAsync("/api/v1/events?asn=64501&mechanism=dns&category_code=NEWS&since=2026-11-19&until=2026-11-20"))["items"]!.AsArray());
        Assert.Empty((await web.JsonAsync("/api/v1/events?until=2026-11-19"))["items"]!.AsArray());
        await web.ProblemAsync("/api/v1/events?since=2026-11-19T11:00:00Z", HttpStatusCode.BadRequest);
        await web.ProblemAsync("/api/v1/events?status=confirmed", HttpStatusCode.BadRequest);

        using var feed = await web.GetAsync("/api/v1/events.atom?cc=KH");
        var entry = Assert.Single(XDocument.Parse(await feed.Content.ReadAsStringAsync(WebGround.Ct)).Root!.Elements(), e => e.Name.LocalName == "entry");
        Assert.Contains(InventedCountry.Host, entry.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_events_follow_each_other()
    {
        var country = await BlockedCountry.CreateAsync();
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 5);
        await country.ReachedAsync(5, 12);
        await country.EventsAsync();
        await using var web = await WebGround.StartAsync(country.Ground);
        var key = await web.KeyAsync();
        var (path, kinds) = ("/api/v1/events?limit=1", new List<string>());
        for (var i = 0; i < 3; i++)
        {
            using var page = await web.GetAsync(path, key);
            kinds.AddRange(JsonNode.Parse(await page.Content.ReadAsStringAsync(WebGround.Ct))!["items"]!.AsArray().Select(e => (string)e!["kind"]!));
            if (!page.Headers.TryGetValues("Link", out var links))
                break;
            path = links.Single().Split('<', '>')[1];
        }
        Assert.Equal(["end", "onset"], kinds.Order(StringComparer.Ordinal));
        await web.ProblemAsync("/api/v1/events?cursor=no", HttpStatusCode.BadRequest, key);
    }

    [Fact]
    public async Task How_the_blocking_is_organised_is_said_with_what_there_is_to_compare()
    {
        var country = await BlockedCountry.CreateAsync();
        await country.DeniedAsync(0, 5);
        await country.EventsAsync();
        await using var web = await WebGround.StartAsync(country.Ground);
        var verdict = await web.JsonAsync("/api/v1/attribution/kh", await web.KeyAsync());
        Assert.Equal(("insufficient", true), ((string)verdict["verdict"]!, (bool)verdict["preliminary"]!));
        Assert.Equal(1, (int)verdict["coverage"]!["isps"]!);
        Assert.Equal("floor", (string)verdict["evidence"]![0]!["kind"]!);
        Assert.Equal(0, (int)(await web.JsonAsync("/api/v1/attribution/KH"))["coverage"]!["isps"]!);
        await web.ProblemAsync("/api/v1/attribution/Cambodia", HttpStatusCode.BadRequest);
    }
}
