using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Store;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class AnalysisWorkerTests
{
    const string Site = "https://www.news.example/";
    const string Host = "www.news.example";
    const string AllUnitDays = "select coalesce(string_agg(md5(row(u.*)::text), ',' order by cc, target, day, asn, unit), '') from unit_day u";
    const string CellRows = "select coalesce(string_agg(md5(row(c.*)::text), ',' order by cc, since, until, target, asn), '') from cell c";

    static Page Denied(string site = Site) =>
        new Page(site).SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth);

    static async Task ControlsAsync(AnalysisGround ground, string site = Site)
    {
        await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(site));
        await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(site));
    }

    [Fact]
    public async Task From_measurements_to_a_blocked_cell_and_its_reasons()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Denied());
        await ground.SeesAsync(ground.Volunteer(2), Denied());
        await ground.SeesAsync(ground.Volunteer(3, asn: 64502), Page.Reached(Site));
        await ground.SeesAsync(ground.Volunteer(4, asn: 64502), Page.Reached(Site));
        await ground.SettleAsync();

        var cell = await ground.CellAsync(Host);
        Assert.Equal(CellState.Blocked, cell.State);
        Assert.Equal((Mechanisms.DnsNxdomain, Vias.Resolver, 8, 2), (cell.Mechanisms[0].Name, cell.Mechanisms[0].Via, cell.Mechanisms[0].Runs, cell.Mechanisms[0].Units));
        Assert.Equal(1, await ground.Store.ReadAsync<long>("select count(*) from measurement where uid = $1", cell.Witness!.Value));
        Assert.Equal(CellState.Ok, (await ground.CellAsync(Host, 64502)).State);

        var explanation = (await ground.Cells.ExplainAsync("KH", Host, 64501, ground.Window, 0, AnalysisGround.Ct))!;
        Assert.Equal(cell.State, explanation.Cell.State);
        Assert.Contains(explanation.Reasoning.Steps, s => s is { Code: "artefact", Holds: true });
        Assert.Contains(explanation.Rules, r => r is { Rule: "dns.contradiction", Runs: 8, Units: 2 });
        Assert.Equal([1, 2], explanation.Units.Select(u => u.Group).Order());
        Assert.Equal((2, 8, 8), (explanation.Controls[0].Networks, explanation.Controls[0].Measurements, explanation.Controls[0].Reached));
    }

    [Fact]
    public async Task The_log_is_followed_and_days_are_computed_anew_on_TimescaleDB_too()
    {
        await using var ground = await AnalysisGround.OnTimescaleAsync();
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Denied());
        await ground.SettleAsync();
        await ground.SeesAsync(ground.Volunteer(2), Denied());
        await ground.SeesAsync(ground.Volunteer(3, asn: 64502), Page.Reached(Site));
        await ground.SettleAsync();
        Assert.Equal(CellState.Blocked, (await ground.CellAsync(Host)).State);

        await ground.MarkAllAsync();
        await ground.SettleAsync();
        await ground.Store.ReadAsync<long>("with gone as (delete from cell_window returning 1) select count(*) from gone");
        Assert.Equal((CellState.Blocked, 8), ((await ground.CellAsync(Host)).State, (await ground.CellAsync(Host)).Runs));
    }

    [Fact]
    public async Task The_table_and_a_fresh_computation_agree()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Denied());
        await ground.SeesAsync(ground.Volunteer(2), Denied());
        await ground.SettleAsync();
        var stored = await ground.CellAsync(Host);
        Assert.Equal(4, await ground.Store.CountAsync("cell_window"));

        await ground.Store.ReadAsync<long>("with gone as (delete from cell_window returning 1) select count(*) from gone");
        var fresh = await ground.CellAsync(Host);

        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(stored), System.Text.Json.JsonSerializer.Serialize(fresh));
    }

    [Fact]
    public async Task Controls_that_come_late_change_what_was_found()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        var blocked = new Page(Site).SystemFails(FailureCodes.DnsNxdomain);
        await ground.SeesAsync(ground.Volunteer(1), blocked);
        await ground.SeesAsync(ground.Volunteer(2), blocked);
        await ground.SettleAsync();
        var before = await ground.CellAsync(Host);
        Assert.Equal((CellState.Insufficient, InsufficientReasons.NoControl), (before.State, before.Reason));

        await ControlsAsync(ground);
        await ground.SettleAsync();
        Assert.Equal(CellState.LikelyBlocked, (await ground.CellAsync(Host)).State);
    }

    [Fact]
    public async Task Whatever_order_things_came_in_the_same_bytes_come_out()
    {
        var outcomes = new List<(string Days, string Cells)>();
        foreach (var late in new[] { false, true })
        {
            await using var ground = await AnalysisGround.OnPostgresAsync();
            var steps = new List<Func<Task>>
            {
                () => ControlsAsync(ground),
                () => ground.SeesAsync(ground.Volunteer(1), Denied()),
                () => ground.SeesAsync(ground.Volunteer(2), new Page(Site).System(Page.Lie).Connects(Page.Lie, FailureCodes.ConnectionRefused)),
            };
            if (late)
                steps.Reverse();
            foreach (var step in steps)
            {
                await step();
                await ground.SettleAsync();
            }
            outcomes.Add((await ground.Store.ReadAsync<string>("select string_agg(md5(findings), ',' order by unit, day) from unit_day"),
                await ground.Store.ReadAsync<string>("select string_agg(concat_ws(' ', until, target, asn, state, mechanisms, low, posterior), ',' order by since, until, target, asn) from cell")));
        }
        Assert.Equal(outcomes[0], outcomes[1]);
    }

    [Fact]
    public async Task Computing_a_day_again_changes_no_byte()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Denied());
        await ground.SettleAsync();
        var before = (await ground.Store.ReadAsync<string>(AllUnitDays), await ground.Store.ReadAsync<string>(CellRows));

        await ground.MarkAllAsync();
        await ground.SettleAsync();

        Assert.Equal(before, (await ground.Store.ReadAsync<string>(AllUnitDays), await ground.Store.ReadAsync<string>(CellRows)));
    }

    [Fact]
    public async Task Names_that_are_sent_to_one_place_find_each_other()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        const string other = "https://voice.example/";
        await ControlsAsync(ground);
        await ControlsAsync(ground, other);
        Page Sunk(string site) => new Page(site).System(Page.Lie).Connects(Page.Lie).Shakes(Page.Lie, FailureCodes.SslInvalidHostname, "box");
        await ground.SeesAsync(ground.Volunteer(1), Sunk(Site));
        await ground.SeesAsync(ground.Volunteer(2), Sunk(Site));
        await ground.SettleAsync();
        Assert.Equal(CellState.LikelyBlocked, (await ground.CellAsync(Host)).State);

        await ground.SeesAsync(ground.Volunteer(3), Sunk(other), runs: 1);
        await ground.SettleAsync();
        var cell = await ground.CellAsync(Host);
        Assert.Equal((CellState.Blocked, Mechanisms.DnsInjectionSink), (cell.State, cell.Mechanisms[0].Name));
    }

    [Fact]
    public async Task What_is_marked_while_it_is_computed_is_computed_again()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ground.SeesAsync(ground.Volunteer(1), Denied());
        await ground.SettleAsync();
        await ground.MarkAllAsync();
        var read = Assert.Single(await new DirtyDays(ground.Store.Source).NextAsync(10, AnalysisGround.Ct));

        await ground.MarkAllAsync();
        await using (var connection = await ground.Store.Source.OpenConnectionAsync(AnalysisGround.Ct))
            await DirtyDays.SettleAsync(connection, read, AnalysisGround.Ct);

        Assert.Equal(1, await ground.Store.CountAsync("dirty"));
    }

    [Fact]
    public async Task What_is_added_as_it_comes_is_what_the_whole_day_gives()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        await ground.SettleAsync();
        var first = ground.Volunteer(1);
        var second = ground.Volunteer(2);
        foreach (var page in new[] { Denied(), Page.Reached(Site), Denied(), new Page(Site).System(Page.Lie).Connects(Page.Lie, FailureCodes.ConnectionRefused) })
            foreach (var key in new[] { first, second, ground.Volunteer(3, asn: 64502) })
            {
                await ground.SeesAsync(key, page, runs: 2);
                await ground.SettleAsync();
            }
        await ground.SeesAsync(ground.Volunteer(4, asn: 64503), Page.Reached(Site));
        await ground.SettleAsync();
        var added = (await ground.Store.ReadAsync<string>(AllUnitDays), await ground.Store.ReadAsync<string>(CellRows));

        await ground.MarkAllAsync();
        await ground.SettleAsync();

        Assert.Equal(added, (await ground.Store.ReadAsync<string>(AllUnitDays), await ground.Store.ReadAsync<string>(CellRows)));
        Assert.Equal(28, await ground.Store.ReadAsync<long>("select sum(n) from unit_day"));
    }

    [Fact]
    public async Task A_day_computed_whole_before_the_log_was_read_counts_nothing_twice()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Denied(), runs: 2);
        await ground.SettleAsync();
        await ground.SeesAsync(ground.Volunteer(1), Denied(), runs: 3);
        await ground.WholeAsync(Host);
        Assert.Equal((5, 1), (await ground.Store.ReadAsync<long>("select sum(n) from unit_day"), await ground.Store.CountAsync("day_ahead")));
        await ground.SeesAsync(ground.Volunteer(2), Denied(), runs: 1);

        await ground.SettleAsync();

        Assert.Equal((6, 0), (await ground.Store.ReadAsync<long>("select sum(n) from unit_day"), await ground.Store.CountAsync("day_ahead")));
    }

    [Fact]
    public async Task What_was_withdrawn_before_or_after_it_was_added_counts_nowhere()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        var leaving = ground.Volunteer(1);
        await ground.SeesAsync(leaving, Denied(), runs: 2);
        await ground.SeesAsync(ground.Volunteer(2), Denied(), runs: 2);
        await ground.SettleAsync();
        Assert.Equal(4, await ground.Store.ReadAsync<long>("select sum(n) from unit_day"));
        await ground.SeesAsync(leaving, Denied(), runs: 1);

        await ground.Store.Writer.WithdrawAsync(new() { Withdrawal = new() { PublicKey = leaving.PublicKey, ThroughSequence = 9 } }, AnalysisGround.Ct);
        await ground.SettleAsync();

        Assert.Equal(2, await ground.Store.ReadAsync<long>("select sum(n) from unit_day"));
    }

    [Fact]
    public async Task A_list_that_makes_a_page_a_target_moves_what_was_seen_of_it()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        const string story = "https://www.news.example/story";
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Page.Reached(story), runs: 1);
        await ground.SettleAsync();
        Assert.Equal(Host, await ground.Store.ReadAsync<string>("select target from unit_day"));

        await ground.ListAsync((story, Host, true));
        await ground.SeesAsync(ground.Volunteer(2), Page.Reached(story), runs: 1);
        await ground.SettleAsync();

        Assert.Equal(story, await ground.Store.ReadAsync<string>("select string_agg(distinct target, ' ') from unit_day"));
    }

    [Fact]
    public async Task Days_summed_up_give_the_cells_that_all_their_sights_give()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        foreach (var unit in new byte[] { 1, 2, 3 })
        {
            await ground.SeesAsync(ground.Volunteer(unit), Page.Reached(Site), runs: 14);
            await ground.SeesAsync(ground.Volunteer((byte)(10 + unit), asn: 64502), unit == 1 ? Denied() : Page.Reached(Site), runs: 3);
            // Nobody controls what was seen three days before.
            await ground.SeesAsync(ground.Volunteer((byte)(20 + unit), asn: 64503), Page.Reached(Site), runs: 5, daysAgo: 3);
            await ground.SeesAsync(ground.Volunteer((byte)(20 + unit), asn: 64503), new Page(Site).SystemFails(FailureCodes.DnsNxdomain), runs: 2, daysAgo: 3);
            await ground.SeesAsync(ground.Volunteer((byte)(30 + unit), asn: 64504), Page.Reached(Site), runs: 4, daysAgo: unit - 1);
        }
        await ground.SettleAsync();
        Assert.True(await ground.Store.ReadAsync<long>("select count(*) from unit_day where plain_grain is not null") > 0);
        Assert.True(await ground.Store.ReadAsync<long>("select count(*) from unit_day where plain_grain is null") > 0);
        Assert.True(await ground.Store.ReadAsync<long>("select count(*) from unit_day where plain_discard is not null") > 0);

        foreach (var window in new[] { ground.Window, CellWindow.Ending(ground.Window.Until, 3), CellWindow.Ending(ground.Window.Until.AddDays(-1), 12) })
            Assert.Equal(
                System.Text.Json.JsonSerializer.Serialize(CellSet.Of(await new UnitDays(ground.Store.Source).OfCountryAsync("KH", window, AnalysisGround.Ct), CellRules.Default)),
                System.Text.Json.JsonSerializer.Serialize(CellSet.Of(await WindowDays.ReadAsync(ground.Store.Source, "KH", window, null, 0, AnalysisGround.Ct), CellRules.Default)));
    }

    [Fact]
    public async Task A_quarantined_unit_and_an_unknown_network_count_nowhere()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        var unknown = ground.Volunteer(3);
        unknown.Certificate.AsnSource = Protos.V1.AsnSource.Unknown;
        await ground.SeesAsync(unknown, Denied());
        await ground.SeesAsync(ground.Volunteer(1), Denied());
        await ground.Store.ReadAsync<string>("insert into revocation (kind, subject, day) values ('quarantine', $1, '2026-11-20') returning kind", new byte[] { 1 });
        await ground.SettleAsync();
        Assert.Equal(0, await ground.Store.CountAsync("unit_day"));
    }

    [Fact]
    public async Task Nothing_of_the_list_is_left_out_of_the_matrix()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync((Site, Host, false), ("https://never.example/", "never.example", false), ("https://www.news.example/story", Host, true));
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Page.Reached(Site));
        await ground.SeesAsync(ground.Volunteer(2), Page.Reached("https://www.news.example/story"));
        await ground.SettleAsync();

        var matrix = await ground.Cells.MatrixAsync("KH", ground.Window, 0, AnalysisGround.Ct);
        Assert.Equal(["https://www.news.example/story", "never.example", Host], matrix.Targets.Select(t => t.Target));
        Assert.Equal([InsufficientReasons.OneVolunteer, InsufficientReasons.NotOnList, InsufficientReasons.OneVolunteer], matrix.Cells.Select(c => c.Reason));
        Assert.Equal((1, 3, 0), (matrix.Coverage.IspsWithAgents, matrix.Coverage.Cells, matrix.Coverage.DecidedCells));

        var earlier = await ground.Cells.MatrixAsync("KH", CellWindow.Ending(new(2026, 1, 8)), 0, AnalysisGround.Ct);
        Assert.All(earlier.Cells, c => Assert.Equal(InsufficientReasons.NoAgents, c.Reason));
    }

    [Fact]
    public async Task Windows_move_on_at_midnight()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ControlsAsync(ground);
        await ground.SeesAsync(ground.Volunteer(1), Denied());
        await ground.SettleAsync();
        ground.Store.Clock.Advance(TimeSpan.FromDays(1));
        await ground.SettleAsync();

        Assert.Equal(new DateOnly(2026, 11, 22), await ground.Store.ReadAsync<DateOnly>("select max(until) from cell_window"));
        Assert.Equal(4, await ground.Store.CountAsync("cell_window"));
        Assert.Equal(CellState.Suspected, (await ground.CellAsync(Host)).State);
    }
}
