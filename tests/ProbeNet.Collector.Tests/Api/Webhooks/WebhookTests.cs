using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis.Events;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Api.Webhooks;

/// <summary>Events from their measurements to a receiver on loopback.</summary>
public sealed class WebhookTests
{
    const string Private = "Collector:Webhooks:AllowPrivate=true";

    [Fact]
    public async Task An_event_is_sent_once_and_signed_as_analysts_see_it_and_its_end_too()
    {
        var country = await BlockedCountry.CreateAsync();
        await using var receiver = await LoopbackReceiver.StartAsync();
        await using var web = await WebGround.StartAsync(country.Ground, Private);
        var key = await web.KeyAsync(ApiRole.Operator);
        var hook = await AddAsync(web, key, receiver.Address, "analyst", "KH");
        await AddAsync(web, key, new(receiver.Address, "/elsewhere"), "analyst", "TH");
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 5);
        await country.EventsAsync();
        await UntilAsync(web, () => receiver.All.Length == 1, TimeSpan.FromSeconds(5));
        var first = receiver.All[0];
        first.AssertSignedWith((string)hook["secret"]!);
        Assert.Equal("event.changed", (string)first.Json["type"]!);
        Assert.True(JsonNode.DeepEquals((await web.JsonAsync("/api/v1/events?cc=KH", key))["items"]![0], first.Json["data"]));

        await country.ReachedAsync(5, 12);
        await country.EventsAsync();
        await UntilAsync(web, () => receiver.All.Any(message => (string)message.Json["data"]!["kind"]! == "end"), TimeSpan.FromSeconds(5));
        Assert.Equal(receiver.All.Length, receiver.All.Select(message => message.Id).Distinct().Count());
        Assert.Equal(receiver.All.Length, receiver.All.Select(message => message.Json["data"]!.ToJsonString()).Distinct().Count());
        Assert.All(receiver.All, message => Assert.Equal("/hook", message.Path));

        var id = (string)hook["id"]!;
        var shown = await web.JsonAsync($"/api/v1/webhooks/{id}", key);
        Assert.Equal(("active", null, null), ((string)shown["state"]!, (string?)shown["secret"], (string?)shown["trouble"]));
        using (var removed = await SendAsync(web, HttpMethod.Delete, $"/api/v1/webhooks/{id}", key))
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await web.ProblemAsync($"/api/v1/webhooks/{id}", HttpStatusCode.NotFound, key);
        Assert.Equal(
            [$"webhook {id} added for {receiver.Address.GetLeftPart(UriPartial.Authority)} as analyst", .. receiver.All.Select(message => $"webhook {id} sends event {(string)message.Json["data"]!["id"]!}"), $"webhook {id} removed"],
            await LoggedAsync(web, id));
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_later_as_it_was_also_by_another_process_and_redirects_lead_nowhere()
    {
        var country = await BlockedCountry.CreateAsync();
        await using var receiver = await LoopbackReceiver.StartAsync();
        await using var web = await WebGround.StartAsync(country.Ground, Private);
        var key = await web.KeyAsync(ApiRole.Operator);
        var hook = await AddAsync(web, key, receiver.Address, "analyst");
        foreach (var status in new[] { 500, 307, 429 })
            receiver.Answers.Enqueue(status);
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 5);
        await country.EventsAsync();
        await UntilAsync(web, () => receiver.All.Length == 2, TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("the second failure is written down", async () => (int)(await web.JsonAsync($"/api/v1/webhooks/{hook["id"]}", key))["attempts"]! == 2);
        var failing = await web.JsonAsync($"/api/v1/webhooks/{hook["id"]}", key);
        Assert.Equal(("failing", "It answered 307."), ((string)failing["state"]!, (string)failing["trouble"]!));

        // Another process on the same store: nothing of what is on its way is in memory.
        await web.RestartAsync();
        await UntilAsync(web, () => receiver.All.Length == 4, TimeSpan.FromSeconds(1));
        var all = receiver.All;
        Assert.All(all, message => Assert.Equal("/hook", message.Path));
        Assert.All(all, message => message.AssertSignedWith((string)hook["secret"]!));
        Assert.All(all, message => Assert.Equal((all[0].Id, Convert.ToHexString(all[0].Body)), (message.Id, Convert.ToHexString(message.Body))));
        foreach (var (attempt, rest) in new[] { (1, 5), (2, 15), (3, 45) })
            Assert.InRange((all[attempt].Time - all[attempt - 1].Time).TotalSeconds, rest - 1, double.MaxValue);
        await Eventually.TrueAsync("it was taken", async () => (string)(await web.JsonAsync($"/api/v1/webhooks/{hook["id"]}", key))["state"]! == "active");
    }

    [Fact]
    public async Task What_everybody_may_see_is_sent_when_it_is_published_and_a_volunteer_more_is_no_message()
    {
        var country = await BlockedCountry.CreateAsync();
        await using var receiver = await LoopbackReceiver.StartAsync();
        await using var web = await WebGround.StartAsync(country.Ground, Private);
        var hook = await AddAsync(web, await web.KeyAsync(ApiRole.Operator), receiver.Address, "public");
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 5);
        await country.EventsAsync();
        var said = web.Ground.Store.Clock.GetUtcNow();
        await UntilAsync(web, () => receiver.All.Length == 1, TimeSpan.FromMinutes(30));
        var first = receiver.All[0];
        first.AssertSignedWith((string)hook["secret"]!);
        // Said on a day, which is over at midnight, and the delay of a day.
        Assert.InRange(first.Time, new DateTimeOffset(said.UtcDateTime.Date.AddDays(2), TimeSpan.Zero), DateTimeOffset.MaxValue);
        Assert.True(JsonNode.DeepEquals((await web.JsonAsync("/api/v1/events?cc=KH"))["items"]![0], first.Json["data"]));
        Assert.Equal("3-5", (string)first.Json["data"]!["isps"]![0]!["units"]!);
        Assert.EndsWith("T00:00:00Z", (string)first.Json["timestamp"]!, StringComparison.Ordinal);

        var lines = await web.Ground.Store.CountAsync("event_log");
        var fourth = country.Ground.Volunteer(4);
        await country.ReachedAsync(-6, 0, fourth);
        await country.DeniedAsync(0, 5, fourth);
        await country.EventsAsync();
        Assert.True(await web.Ground.Store.CountAsync("event_log") > lines, "the fourth volunteer is nothing new to analysts either");
        await country.ReachedAsync(5, 12);
        await country.EventsAsync();
        await UntilAsync(web, () => receiver.All.Any(message => (string)message.Json["data"]!["kind"]! == "end"), TimeSpan.FromMinutes(30));
        Assert.Single(receiver.All, message => (string)message.Json["data"]!["kind"]! == "onset");
    }

    [Fact]
    public async Task Who_takes_nothing_for_days_or_is_gone_or_lost_its_key_is_given_up_and_the_reason_stands_there()
    {
        var country = await BlockedCountry.CreateAsync();
        await using var dead = await LoopbackReceiver.StartAsync();
        await using var gone = await LoopbackReceiver.StartAsync();
        await using var web = await WebGround.StartAsync(country.Ground, Private, "Collector:Webhooks:Patience=1.00:00:00");
        var (key, lost) = (await web.KeyAsync(ApiRole.Operator), await web.KeyAsync(ApiRole.Operator));
        string[] hooks =
        [
            (string)(await AddAsync(web, key, dead.Address, "analyst"))["id"]!, (string)(await AddAsync(web, key, gone.Address, "analyst"))["id"]!,
            (string)(await AddAsync(web, lost, gone.Address, "analyst"))["id"]!,
        ];
        var keys = new ApiKeys(web.Ground.Store.Source, web.Ground.Store.Clock);
        Assert.True(await keys.RevokeAsync((await keys.FindAsync(lost, WebGround.Ct))!.Id, WebGround.Ct));
        for (var i = 0; i < 100; i++)
            dead.Answers.Enqueue(503);
        gone.Answers.Enqueue(410);
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 5);
        await country.EventsAsync();
        var shown = new Dictionary<string, JsonNode>();
        await Eventually.TrueAsync("all three are given up", async () =>
        {
            web.Ground.Store.Clock.Advance(TimeSpan.FromHours(1));
            shown = (await web.JsonAsync("/api/v1/webhooks", key))["items"]!.AsArray().ToDictionary(hook => (string)hook!["id"]!, hook => hook!);
            return shown.Values.All(hook => (string)hook["state"]! == "ended");
        });
        Assert.Equal(["It answered 503.", "It answered 410.", "The key that added it was revoked."], hooks.Select(hook => (string)shown[hook]["trouble"]!));
        Assert.Single(gone.All);
        Assert.InRange(dead.All.Length, 2, 30);
        Assert.True(dead.All[^1].Time - dead.All[0].Time >= TimeSpan.FromDays(1));
        foreach (var hook in hooks)
            Assert.StartsWith($"webhook {hook} ended: ", (await LoggedAsync(web, hook))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_are_for_operators_and_for_public_addresses()
    {
        await using var web = await WebGround.StartAsync(await Analysis.AnalysisGround.OnPostgresAsync(), "Collector:Webhooks:Most=1");
        var key = await web.KeyAsync(ApiRole.Operator);
        foreach (var (who, status) in new[] { (null, HttpStatusCode.Unauthorized), (await web.KeyAsync(), HttpStatusCode.Forbidden) })
        {
            await web.ProblemAsync("/api/v1/webhooks", status, who);
            using var refused = await SendAsync(web, HttpMethod.Post, "/api/v1/webhooks", who, new { url = "https://hooks.example/" });
            Assert.Equal(status, refused.StatusCode);
        }
        foreach (var url in new[]
        {
            "http://hooks.example/", "https://127.0.0.1/", "https://10.1.2.3/x", "https://[::1]:8443/", "https://[::ffff:192.168.1.1]/", "https://[64:ff9b::a00:1]/", "https://localhost/", "https://169.254.169.254/latest/meta-data",
            "https://2130706433/", "https://0x7f.1/", "https://me:secret@hooks.example/", "ftp://hooks.example/", "/hook", "",
        })
        {
            using var refused = await SendAsync(web, HttpMethod.Post, "/api/v1/webhooks", key, new { url });
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, url);
        }
        foreach (var wrong in new object[] { new { url = "https://hooks.example/", role = "operator" }, new { url = "https://hooks.example/", cc = "Cambodia" }, new { url = "https://hooks.example/", secret = "mine" }, new[] { 1 } })
        {
            using var refused = await SendAsync(web, HttpMethod.Post, "/api/v1/webhooks", key, wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        await AddAsync(web, key, new("https://hooks.example/"), "public");
        using var many = await SendAsync(web, HttpMethod.Post, "/api/v1/webhooks", key, new { url = "https://hooks.example/" });
        Assert.Equal(HttpStatusCode.TooManyRequests, many.StatusCode);
    }

    internal static async Task<JsonNode> AddAsync(WebGround web, string key, Uri url, string role, string? cc = null)
    {
        using var added = await SendAsync(web, HttpMethod.Post, "/api/v1/webhooks", key, cc is null ? new { url, role } : new { url, role, cc });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        return JsonNode.Parse(await added.Content.ReadAsStringAsync(WebGround.Ct))!;
    }

    static async Task<HttpResponseMessage> SendAsync(WebGround web, HttpMethod method, string path, string? key, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await web.Http.SendAsync(request, WebGround.Ct);
    }

    /// <summary>Lets the collector's clock run on until it is so.</summary>
    static Task UntilAsync(WebGround web, Func<bool> condition, TimeSpan step) => Eventually.TrueAsync("a message", () =>
    {
        if (!condition())
            web.Ground.Store.Clock.Advance(step);
        return condition();
    });

    static async Task<IReadOnlyList<string>> LoggedAsync(WebGround web, string id)
    {
        await using var command = web.Ground.Store.Source.CreateCommand("select what from access_log where what like 'webhook ' || $1 || '%' order by index");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(WebGround.Ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(WebGround.Ct))
            lines.Add(reader.GetString(0));
        return lines;
    }
}
