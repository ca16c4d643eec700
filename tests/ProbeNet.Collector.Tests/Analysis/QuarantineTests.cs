using Google.Protobuf;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Fleet;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class QuarantineTests
{
    const string Site = "https://www.news.example/";
    const string Host = "www.news.example";

    [Fact]
    public async Task A_unit_set_aside_leaves_the_cells_it_is_in_and_comes_back_when_that_ends()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(Site));
        await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(Site));
        var (liar, other) = (ground.Volunteer(7), ground.Volunteer(8));
        liar.Certificate.Unit = ByteString.CopyFrom(0xAB, 0xCD);
        await ground.SeesAsync(liar, Denied());
        await ground.SeesAsync(other, Denied());
        await ground.SettleAsync();
        var before = await ground.CellAsync(Host);
        var keys = new AgentKeys(ground.Store.Source, ground.Store.Clock);
        await EnterAsync(ground, liar.Certificate);
        var id = Assert.Single(await keys.ListAsync(AnalysisGround.Ct)).Id;

        Assert.Equal(1, await keys.QuarantineAsync(id[..8], "it lies", AnalysisGround.Ct));
        await ground.SettleAsync();
        var apart = await ground.CellAsync(Host);
        Assert.Equal((2, 1), (before.Units, apart.Units));
        Assert.NotEqual(before.State, apart.State);
        Assert.Equal("quarantined", Assert.Single(await keys.ListAsync(AnalysisGround.Ct)).State);

        // Though its keys have expired meanwhile, the unit is found.
        await ground.Store.ReadAsync<string>("with gone as (delete from agent_key returning cc) select cc from gone");
        Assert.False(await keys.LiftAsync("ffffffff", "a mistake of ours", AnalysisGround.Ct));
        Assert.True(await keys.LiftAsync(Convert.ToHexStringLower(liar.Certificate.Unit.Span), "a mistake of ours", AnalysisGround.Ct));
        await ground.SettleAsync();
        var again = await ground.CellAsync(Host);
        Assert.Equal((before.State, before.Units, before.Runs), (again.State, again.Units, again.Runs));
    }

    [Fact]
    public async Task A_control_set_aside_bears_no_finding()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        var controls = new[] { ground.Control(201, 64701), ground.Control(202, 64702) };
        foreach (var control in controls)
            await ground.SeesAsync(control, Page.Reached(Site));
        await ground.SeesAsync(ground.Volunteer(1), Silent());
        await ground.SeesAsync(ground.Volunteer(2), Silent());
        await ground.SettleAsync();
        Assert.NotEqual(CellState.Insufficient, (await ground.CellAsync(Host)).State);
        var keys = new AgentKeys(ground.Store.Source, ground.Store.Clock);
        foreach (var control in controls)
        {
            await EnterAsync(ground, control.Certificate);
            Assert.Equal(1, await keys.QuarantineAsync(Convert.ToHexStringLower(KeyId.Of(control.PublicKey.Span)), "it lies", AnalysisGround.Ct));
        }
        await ground.SettleAsync();
        Assert.Equal((CellState.Insufficient, InsufficientReasons.NoControl), ((await ground.CellAsync(Host)).State, (await ground.CellAsync(Host)).Reason));
    }

    static Page Silent() => new Page(Site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth, FailureCodes.GenericTimeout);

    static Page Denied() =>
        new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth);

    static async Task EnterAsync(AnalysisGround ground, KeyCertificate certificate)
    {
        await using var connection = await ground.Store.Source.OpenConnectionAsync(AnalysisGround.Ct);
        await using var transaction = await connection.BeginTransactionAsync(AnalysisGround.Ct);
        await AgentKeys.AddAsync(certificate, connection, transaction, AnalysisGround.Ct);
        await transaction.CommitAsync(AnalysisGround.Ct);
    }
}
