using System.Net;
using System.Xml.Linq;
using ProbeNet.Collector.Tests.Analysis.Events;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>One block, at a provider with three volunteers and three hours later at one with two, as the pages tell it.</summary>
public sealed class EventPageTests : IAsyncLifetime
{
    WebGround? _web;
    string _event = "";

    WebGround Web => _web!;

    public async ValueTask InitializeAsync()
    {
        var country = await BlockedCountry.CreateAsync();
        var few = new[] { country.Ground.Volunteer(11, 64502), country.Ground.Volunteer(12, 64502) };
        await country.ReachedAsync(-6, 0);
        await country.ReachedAsync(-6, 3, few);
        await country.DeniedAsync(0, 5);
        await country.DeniedAsync(3, 8, few);
        _event = Assert.Single(await country.EventsAsync()).Event.Id;
        _web = await WebGround.StartAsync(country.Ground);
    }

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
    }

    [Fact]
    public async Task Before_the_delay_the_public_is_told_that_nothing_is_published_and_why()
    {
        foreach (var path in new[] { "/", "/events" })
        {
            var main = await Markup.MainAsync(Web, path);
            Assert.Contains(main.Descendants("p"), p => p.Css() == "empty" && p.Text().Contains("none was found in days up to 2026-11-18, or fewer than 3 volunteers saw it", StringComparison.Ordinal)
                && p.Text().Contains("does not mean that nothing is blocked", StringComparison.Ordinal));
            Assert.DoesNotContain(_event, main.ToString(), StringComparison.Ordinal);
        }
        using var answer = await Web.GetAsync("/events/" + _event);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_public_reads_days_and_enough_volunteers_from_the_overview_to_the_reasons()
    {
        Web.Ground.Store.Clock.Advance(TimeSpan.FromHours(25));
        foreach (var path in new[] { "/", "/events", "/events?cc=KH&asn=64501&domain=&mechanism=dns&since=2026-11-19&until=" })
        {
            var row = Assert.Single(Markup.Rows((await Markup.MainAsync(Web, path)).Descendants("table").First()));
            Assert.Equal(["▶ began to be blocked", InventedCountry.Host, "KH", "2026-11-19", "1", "one provider", "dns.nxdomain", "confirmed"], row.Elements().Select(e => e.Text()));
            Assert.Equal("/events/" + _event, (string?)row.Descendants("a").Single().Attribute("href"));
        }
        var main = await Markup.MainAsync(Web, "/events/" + _event);
        var isp = Assert.Single(Markup.Rows(Markup.Section(main, "When, at each provider").Descendants("table").Single()));
        Assert.Equal(["Invented Provider 1 (AS64501)", "2026-11-19", "3-5", "dns.nxdomain", "2026-11-19", "2026-11-19", ""], isp.Elements().Select(e => e.Text()));
        Assert.DoesNotContain("11:40", main.Value, StringComparison.Ordinal);
        Assert.Contains("for analysts with a key", Markup.Section(main, "What was said of it when").Value, StringComparison.Ordinal);
        Assert.Contains("How the blocking of KH is organised", Markup.Section(main, "How its blocking is organised").Value, StringComparison.Ordinal);
        var controls = Markup.Rows(Markup.Section(main, "Controls in uncensored networks").Element("table")!).Single(row => row.Element("th")!.Value == "2026-11-19");
        Assert.Equal(["144 of 144", "2"], controls.Elements("td").Select(td => td.Value));
        AssertHidden(Markup.Section(main, "The days around it"));
        AssertHidden(await Markup.MainAsync(Web, "/cells/KH/" + InventedCountry.Host));

        using var feed = await Web.GetAsync("/events?asn=64502");
        Assert.DoesNotContain(_event, await feed.Content.ReadAsStringAsync(WebGround.Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_analyst_reads_exact_brackets_at_once_and_what_was_said_when()
    {
        var key = await Web.KeyAsync();
        var main = await Markup.MainAsync(Web, "/events/" + _event, key);
        Assert.Contains("From the first provider to the last: 3 h.", main.Text(), StringComparison.Ordinal);
        var isps = Markup.Rows(Markup.Section(main, "When, at each provider").Descendants("table").Single());
        Assert.Equal([("Invented Provider 1 (AS64501)", "2026-11-19 11:40 to 2026-11-19 12:00", "3"), ("Invented Provider 2 (AS64502)", "2026-11-19 14:40 to 2026-11-19 15:00", "2")],
            isps.Select(row => row.Elements().Take(3).Select(e => e.Text()).ToArray()).Select(row => (row[0], row[1], row[2])));
        Assert.Contains("found", Markup.Section(main, "What was said of it when").Element("ol")!.Elements("li").First().Value, StringComparison.Ordinal);
        // A bracket and a box per day in the lane of each, and the controls above.
        var lanes = Markup.Section(main, "The days around it").Descendants("g").ToArray();
        Assert.Equal(["Controls", "Invented Provider 1", "Invented Provider 2"], lanes.Select(lane => lane.Elements("text").First().Value));
        Assert.Equal([0, 1, 1], lanes.Select(lane => lane.Elements("path").Count()));
    }

    // The second provider has two volunteers: none of its days has a state, a figure or a bracket.
    static void AssertHidden(XElement part)
    {
        var lanes = part.Descendants("g").ToArray();
        Assert.Equal([0, 1, 0], lanes.Select(lane => lane.Elements("path").Count()));
        Assert.Contains(lanes[1].Elements("rect"), rect => rect.Css() == "blocked");
        Assert.All(lanes[2].Elements("rect"), rect => Assert.Equal("insufficient", rect.Css()));
        var days = Markup.Rows(part.Descendants("table").First(table => table.Css() == "matrix"));
        Assert.All(days, day => Assert.Equal(("insufficient", "– not enough data"), (day.Elements("td").Last().Css(), day.Elements("td").Last().Text().Replace("–n", "– n", StringComparison.Ordinal))));
        Assert.Contains(days, day => day.Elements("td").ElementAt(1).Css() == "blocked");
    }
}
