using ProbeNet.Collector.Tests.Analysis.Events;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>A site that three volunteers of one provider reach on one day and not on the next; at the other two look, too few.</summary>
public sealed class MatrixComparisonTests
{
    const string Days = "/matrix?cc=KH&since=2026-11-19&until=2026-11-20&compare=2026-11-18";

    [Fact]
    public async Task Two_days_stand_side_by_side_and_what_changed_is_counted()
    {
        var country = await BlockedCountry.CreateAsync();
        var few = new[] { country.Ground.Volunteer(11, 64502), country.Ground.Volunteer(12, 64502) };
        await country.ReachedAsync(-20, 0);
        await country.DeniedAsync(0, 5);
        await country.ReachedAsync(-20, 0, few);
        await country.DeniedAsync(0, 5, few);
        await country.Ground.SettleAsync();
        await using var web = await WebGround.StartAsync(country.Ground, "Collector:Publication:Delay=00:00:00");

        foreach (var filter in new[] { "", "&state=blocked", "&state=ok", "&mechanism=dns" })
        {
            var main = await Markup.MainAsync(web, Days + filter);
            Assert.Contains("1 of 1 cells that have enough data both times say something else now.", main.Text(), StringComparison.Ordinal);
            var row = Assert.Single(Markup.Rows(main.Descendants("table").First()));
            Assert.Contains("changed at 1 of 2 providers", row.Element("th")!.Text(), StringComparison.Ordinal);
            var changed = row.Elements("td").First();
            Assert.Equal("compared changed", changed.Css());
            Assert.Equal(["then● reachable", "now■ blockeddns.nxdomain"], changed.Elements("a").Select(a => a.Text()));
            Assert.Equal(["/cells/KH/www.news.example/64501?since=2026-11-18&until=2026-11-19", "/cells/KH/www.news.example/64501?since=2026-11-19&until=2026-11-20"],
                changed.Elements("a").Select(a => (string?)a.Attribute("href")));
            Assert.DoesNotContain("changed", row.Elements("td").Last().Css(), StringComparison.Ordinal);
        }
        // Neither time anything was slowed: there is nothing to compare.
        Assert.Contains("0 of 0 cells", (await Markup.MainAsync(web, Days + "&state=throttled")).Text(), StringComparison.Ordinal);
        using var wrong = await web.GetAsync("/matrix?cc=KH&compare=2026-11-18T10:00:00Z");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, wrong.StatusCode);
    }
}
