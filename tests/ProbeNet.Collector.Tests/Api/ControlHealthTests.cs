using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>Whether controls can be relied on is there to be seen.</summary>
public sealed class ControlHealthTests
{
    static readonly string[] Sites = ["https://www.news.example/", "https://forum.example/"];

    [Fact]
    public async Task A_control_that_is_filtered_itself_or_whose_line_is_down_shows()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        foreach (var site in Sites)
        {
            await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(site));
            await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(site));
            await ground.SeesAsync(ground.Control(203, 64562), new Page(site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth, FailureCodes.GenericTimeout));
            await ground.SeesAsync(ground.Control(204, 64563), new Page(site).ReferenceFails(3).SystemFails(FailureCodes.GenericTimeout));
        }
        await ground.SettleAsync();
        await using var web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00");
        var rows = (await web.JsonAsync("/api/v1/controls", await web.KeyAsync()))["items"]!.AsArray();
        Assert.Equal(
            [(64560, 8, 8, 0, 0, true), (64561, 8, 8, 0, 0, true), (64562, 8, 0, 0, 2, false), (64563, 8, 0, 8, 0, false)],
            rows.Select(row => ((int)row!["asn"]!, (int)row["measurements"]!, (int)row["reached"]!, (int)row["discarded"]!, (int)row["dissents"]!, (bool)row["healthy"]!)));
    }
}
