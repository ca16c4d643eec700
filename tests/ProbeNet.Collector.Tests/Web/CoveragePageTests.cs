using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

public sealed class CoveragePageTests
{
    [Fact]
    public async Task Coverage_says_who_measured_which_controls_hold_and_to_those_with_a_key_how_the_fleet_is()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false));
        foreach (byte control in new byte[] { 201, 202 })
            await ground.SeesAsync(ground.Control(control, 64400u + control), Page.Reached(InventedCountry.Site));
        await ground.SeesAsync(ground.Control(203, 64603), new Page(InventedCountry.Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth, FailureCodes.GenericTimeout));
        for (byte i = 1; i <= 3; i++)
            await ground.SeesAsync(ground.Volunteer(i), Page.Reached(InventedCountry.Site));
        await ground.SeesAsync(ground.Volunteer(11, 64502), Page.Reached(InventedCountry.Site));
        await ground.SetAsideAsync(ground.Volunteer(12, 64502));
        await ground.SettleAsync();
        await using var web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00");

        var main = await Markup.MainAsync(web, "/coverage?cc=KH");
        var today = Markup.Rows(Markup.Section(main, "Coverage, day by day").Descendants("table").Single()).Single(row => row.Element("th")!.Value == "2026-11-20");
        Assert.Equal(["11+3-5 volunteers"], today.Elements("td").Select(td => td.Text()));
        var controls = Markup.Rows(Markup.Section(main, "Controls in uncensored networks").Descendants("table").Single());
        Assert.Equal(["AS64601|4 of 4|✓ yes", "AS64602|4 of 4|✓ yes", "AS64603|0 of 4|✗ no"],
            controls.Select(row => $"{row.Element("th")!.Value}|{row.Elements("td").ElementAt(1).Value}|{row.Elements("td").Last().Text()}"));
        Assert.Empty(Markup.Section(main, "The fleet").Descendants("table"));

        var whole = await Markup.MainAsync(web, "/coverage?cc=KH", await web.KeyAsync(ApiRole.Operator));
        Assert.Equal(["12" + "3 volunteers", "4" + "1 volunteers"], Markup.Rows(Markup.Section(whole, "Coverage, day by day").Descendants("table").Single()).Last().Elements("td").Select(td => td.Text()));
        var fleet = Markup.Section(whole, "The fleet").Descendants("table").ToArray();
        Assert.Equal("1 agents in force; 0 of them were heard of on the last two days", fleet[0].Element("caption")!.Value);
        Assert.Equal(["Invented Provider 2 (AS64502) KH", "0 of 1", "1", "0 of 0", "0"], Markup.Rows(fleet[0]).Single().Elements().Select(e => e.Value));
        Assert.Equal(["unknown", "1 of 1"], Markup.Rows(fleet[1]).Single().Elements().Select(e => e.Value));
    }

    [Fact]
    public async Task Where_nothing_was_measured_every_page_says_so()
    {
        await using var web = await WebGround.StartAsync(await AnalysisGround.OnPostgresAsync());
        foreach (var (path, why) in new[]
        {
            ("/", "Nothing was measured yet"), ("/matrix", "no test list of KH has been released"), ("/events", "none was found in days up to"), ("/isps", "Nothing was measured yet"),
            ("/attribution", "Nothing was compared"), ("/coverage", "Nobody measured here in these days"),
        })
            Assert.Contains((await Markup.MainAsync(web, path)).Descendants("p").Where(p => p.Css() == "empty"), p => p.Text().Contains(why, StringComparison.Ordinal));
    }
}
