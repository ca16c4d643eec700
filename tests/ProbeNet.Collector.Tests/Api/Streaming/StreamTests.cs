using System.Net;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Analysis.Events;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Api.Streaming;

/// <summary>What the analysis computes, followed over HTTP by somebody whose process knows only the store.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changed_cells_come_as_they_stand_in_the_matrix_and_counts_alone_do_not_come(bool timescale)
    {
        await using var web = await WebGround.StartAsync(timescale ? await AnalysisGround.OnTimescaleAsync() : await AnalysisGround.OnPostgresAsync());
        await web.Ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false));
        var key = await web.KeyAsync();
        using var stream = await StreamFollower.BeginAsync(web, key);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (stream.Status, stream.MediaType));
        Assert.Equal("0-0", (await stream.NextAsync())!.Id);

        await InventedCountry.FillAsync(web.Ground);
        var told = new Dictionary<long, JsonNode>();
        foreach (var item in await stream.UntilQuietAsync())
            if (item.Kind == "cell")
                told[(long)item.Data!["cell"]!["asn"]!] = item.Data;
        var matrix = await web.JsonAsync("/api/v1/matrix?cc=KH", key);
        Assert.Equal([64501, 64502, 64503, 64504], told.Keys.Order());
        foreach (var (asn, item) in told)
        {
            Assert.True(JsonNode.DeepEquals(WebGround.Cell(matrix, InventedCountry.Host, asn), item["cell"]), item.ToJsonString());
            Assert.Equal(("KH", (string)matrix["since"]!, (string)matrix["until"]!), ((string)item["cc"]!, (string)item["since"]!, (string)item["until"]!));
        }
        Assert.Equal("blocked", (string)told[64501]["cell"]!["state"]!);

        await web.Ground.SeesAsync(web.Ground.Volunteer(15, asn: 64502), Page.Reached(InventedCountry.Site));
        await web.Ground.SettleAsync();
        Assert.Equal(5, (int)WebGround.Cell(await web.JsonAsync("/api/v1/matrix?cc=KH", key), InventedCountry.Host, 64502)["units"]!);
        Assert.Empty(await stream.UntilQuietAsync());
    }

    [Fact]
    public async Task Events_come_as_the_list_has_them()
    {
        var country = await BlockedCountry.CreateAsync();
        await using var web = await WebGround.StartAsync(country.Ground);
        var key = await web.KeyAsync();
        using var stream = await StreamFollower.BeginAsync(web, key, "?cc=KH&mechanism=dns");
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 5);
        await country.EventsAsync();
        var item = await stream.NextAsync("event", _ => true);
        Assert.True(JsonNode.DeepEquals((await web.JsonAsync("/api/v1/events?cc=KH", key))["items"]![0], item.Data));
        using var elsewhere = await StreamFollower.BeginAsync(web, key, "?cc=TH", last: "0-0");
        await elsewhere.NextAsync();
        Assert.Empty(await elsewhere.UntilQuietAsync());
    }

    [Fact]
    public async Task Who_comes_back_with_the_last_id_is_told_of_what_came_later_and_of_nothing_else()
    {
        await using var web = await WebGround.StartAsync(await AnalysisGround.OnPostgresAsync());
        await web.Ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false));
        var key = await web.KeyAsync();
        string last;
        using (var stream = await StreamFollower.BeginAsync(web, key))
        {
            await web.Ground.SeesAsync(web.Ground.Volunteer(1), Page.Reached(InventedCountry.Site));
            await web.Ground.SettleAsync();
            last = (await stream.NextAsync("cell", cell => (long)cell["cell"]!["asn"]! == 64501)).Id;
        }
        await web.Ground.SeesAsync(web.Ground.Volunteer(2, asn: 64502), Page.Reached(InventedCountry.Site));
        await web.Ground.SettleAsync();
        using (var again = await StreamFollower.BeginAsync(web, key, last: last))
            Assert.Equal([64502], (await FirstAndRestAsync(again)).Select(item => (long)item.Data!["cell"]!["asn"]!));
        // From the beginning: every cell once, as it is now.
        using (var whole = await StreamFollower.BeginAsync(web, key, last: "0-0"))
            Assert.Equal([64501, 64502], (await FirstAndRestAsync(whole)).Select(item => (long)item.Data!["cell"]!["asn"]!));
        // What is gone is told, too.
        await web.Ground.Store.ReadAsync<long>("with gone as (delete from unit_day where asn = 64502 returning 1) select count(*) from gone");
        await web.Ground.CellsAnewAsync();
        await web.Ground.SettleAsync();
        using var later = await StreamFollower.BeginAsync(web, key, "?asn=64502", last: last);
        Assert.Equal("insufficient", (string)Assert.Single(await FirstAndRestAsync(later)).Data!["cell"]!["state"]!);
    }

    [Fact]
    public async Task The_stream_is_for_keys_in_force_is_logged_and_takes_so_many_of_a_key()
    {
        await using var web = await WebGround.StartAsync(await AnalysisGround.OnPostgresAsync(), "Collector:Stream:MostOfKey=2");
        await web.ProblemAsync("/api/v1/stream", HttpStatusCode.Unauthorized);
        var key = await web.KeyAsync();
        await web.ProblemAsync("/api/v1/stream?state=ok", HttpStatusCode.BadRequest, key);
        using (var wrong = await StreamFollower.BeginAsync(web, key, last: "yesterday"))
            Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);

        using var first = await StreamFollower.BeginAsync(web, key, "?cc=KH");
        var second = await StreamFollower.BeginAsync(web, key);
        await web.ProblemAsync("/api/v1/stream", HttpStatusCode.TooManyRequests, key);
        using (var head = new HttpRequestMessage(HttpMethod.Head, "/api/v1/stream") { Headers = { Authorization = new("Bearer", key) } })
        using (var headers = await web.Http.SendAsync(head, WebGround.Ct))
            Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (headers.StatusCode, headers.Content.Headers.ContentType?.MediaType));
        using (var other = await StreamFollower.BeginAsync(web, await web.KeyAsync(ApiRole.Operator)))
            Assert.Equal(HttpStatusCode.OK, other.Status);
        second.Dispose();
        await Eventually.TrueAsync("the seat is free again", async () =>
        {
            using var again = await StreamFollower.BeginAsync(web, key);
            return again.Status == HttpStatusCode.OK;
        });
        Assert.Equal(1, await web.Ground.Store.ReadAsync<long>("select count(*) from access_log where what = 'stream?cc=KH'"));

        await first.NextAsync();
        var id = await web.Ground.Store.ReadAsync<string>("select key_id from access_log where what = 'stream?cc=KH'");
        Assert.Null((await first.NextAsync())!.Kind);
        var keys = new ApiKeys(web.Ground.Store.Source, web.Ground.Store.Clock);
        Assert.True(await keys.RevokeAsync(id, WebGround.Ct));
        Assert.Null(await first.NextAsync());
    }

    static async Task<IReadOnlyList<Heard>> FirstAndRestAsync(StreamFollower stream)
    {
        await stream.NextAsync();
        return await stream.UntilQuietAsync();
    }
}
