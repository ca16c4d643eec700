using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Trust;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Api;
using ProbeNet.Collector.Tests.Store;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Trust;

/// <summary>Liars in the store: from the writer over the analysis to the cell.</summary>
public sealed class TrustStoreTests
{
    const string Dead = "https://www.dead.example/";

    static CancellationToken Ct => AnalysisGround.Ct;

    [Fact]
    public async Task Ten_of_one_group_make_nothing_blocked_and_a_canary_gives_them_away()
    {
        await using var ground = await CountryAsync();
        var fakes = await FakesAsync(ground, 10, groups: 1);
        await ground.SettleAsync();
        Assert.Equal((CellState.Suspected, 12), (await ground.CellAsync(InventedCountry.Host)) is var seen ? (seen.State, seen.Units) : default);

        var agents = new AgentKeys(ground.Store.Source, ground.Store.Clock);
        await ReviewAsync(ground, agents);
        var cell = await ground.CellAsync(InventedCountry.Host);
        Assert.Equal((CellState.Ok, 2), (cell.State, cell.Units));
        var listed = await agents.ListAsync(Ct);
        Assert.All(listed, key => Assert.Equal("quarantined", key.State));
        Assert.All(listed, key => Assert.Contains("what nobody can reach", key.Note, StringComparison.Ordinal));
        Assert.Equal(fakes.Count, await ground.Store.CountAsync("quarantine_log where what = 'set_aside'"));

        // Brought back it counts again, and is not set aside again for what it said before.
        await ground.BringBackAsync(fakes[0]);
        await ground.SettleAsync();
        await ReviewAsync(ground, agents);
        cell = await ground.CellAsync(InventedCountry.Host);
        Assert.Equal((CellState.Suspected, 3), (cell.State, cell.Units));
        Assert.Equal("a mistake of ours", await ground.Store.ReadAsync<string>("select reason from quarantine_log where what = 'brought_back'"));
        Assert.Equal(fakes.Count, await ground.Store.CountAsync("quarantine_log where what = 'set_aside'"));
        Assert.Contains("only added to", (await Assert.ThrowsAsync<PostgresException>(() => ground.Store.ReadAsync<object>("delete from quarantine_log"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_units_of_many_groups_weigh_as_one_beside_established_ones()
    {
        await using var ground = await CountryAsync();
        foreach (var fake in await FakesAsync(ground, 6, groups: 6))
        {
            await using var connection = await ground.Store.Source.OpenConnectionAsync(Ct);
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await AgentKeys.NoteStandingAsync(fake.Certificate, established: false, connection, transaction, Ct);
            await transaction.CommitAsync(Ct);
        }
        await ground.SettleAsync();
        var cell = await ground.CellAsync(InventedCountry.Host);
        Assert.Equal((CellState.Suspected, 3), (cell.State, cell.Groups));
        var explanation = await ground.Cells.ExplainAsync("KH", InventedCountry.Host, 64501, ground.Window, 0, Ct);
        Assert.Contains(explanation!.Reasoning.Steps, step => step.Code == "newcomers" && step.Text.StartsWith("6 volunteer(s) came", StringComparison.Ordinal));
        Assert.Contains(explanation.Reasoning.Steps, step => step.Code == "minority");
    }

    // As the worker does once a day.
    static async Task ReviewAsync(AnalysisGround ground, AgentKeys agents)
    {
        await new TrustUpkeep(ground.Store.Source, new CellWindows(ground.Store.Source), agents,
            new(new Dictionary<string, CanaryAnswer> { ["www.dead.example"] = CanaryAnswer.Dead }), ground.Store.Clock).RunAsync(Ct);
        await ground.SettleAsync();
    }

    static async Task<AnalysisGround> CountryAsync()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        foreach (var control in new[] { ground.Control(201, 64560), ground.Control(202, 64561) })
        {
            await ground.SeesAsync(control, Page.Reached(InventedCountry.Site));
            await ground.SeesAsync(control, new Page(Dead).SystemFails(FailureCodes.DnsNxdomain));
        }
        foreach (var honest in new[] { ground.Volunteer(1), ground.Volunteer(2) })
        {
            await ground.SeesAsync(honest, Page.Reached(InventedCountry.Site));
            await ground.SeesAsync(honest, new Page(Dead).SystemFails(FailureCodes.DnsNxdomain));
        }
        return ground;
    }

    static async Task<IReadOnlyList<TestKey>> FakesAsync(AnalysisGround ground, int count, int groups)
    {
        var fakes = new List<TestKey>();
        for (var i = 0; i < count; i++)
        {
            var fake = ground.Volunteer((byte)(20 + i), group: (byte)(150 + i % groups));
            fakes.Add(fake);
            await ground.SeesAsync(fake, InventedCountry.Denied());
            await ground.SeesAsync(fake, Page.Reached(Dead));
            await using var connection = await ground.Store.Source.OpenConnectionAsync(Ct);
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await AgentKeys.AddAsync(fake.Certificate, connection, transaction, Ct);
            await transaction.CommitAsync(Ct);
        }
        return fakes;
    }
}
