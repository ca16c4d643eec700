using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Protos;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class ReanalysisTests
{
    const string Site = "https://www.news.example/";
    const string Host = "www.news.example";
    const string Other = "https://www.other.example/";
    const string AllUnitDays = "select coalesce(string_agg(md5(row(u.*)::text), ',' order by cc, target, day, asn, unit), '') from unit_day u";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_other_rules_said_is_kept_what_is_said_now_takes_its_place_and_the_difference_is_listed(bool timescale)
    {
        await using var ground = timescale ? await AnalysisGround.OnTimescaleAsync() : await AnalysisGround.OnPostgresAsync();
        await MeasuredAsync(ground);
        var (right, cell) = (await ground.Store.ReadAsync<string>(AllUnitDays), await ground.CellAsync(Host));
        Assert.NotEqual(CellState.Ok, cell.State);

        // As if rules had judged that knew nothing of such a failure.
        await JudgedOtherwiseAsync(ground);
        await ground.CellsAnewAsync();
        Assert.Equal(CellState.Ok, (await ground.CellAsync(Host)).State);
        var outcome = await ground.ReanalyzeAsync();

        var difference = Assert.Single(outcome.Cells);
        Assert.Equal((Host, "ok", cell.State.Word()), (difference.Target, difference.Before!.State, difference.After!.State));
        Assert.Equal([.. cell.Mechanisms.Select(m => m.Name)], difference.After.Mechanisms);
        Assert.Equal((16, 2), (outcome.Measurements, outcome.Changed));
        Assert.Equal(right, await ground.Store.ReadAsync<string>(AllUnitDays));
        Assert.Equal(cell.State, (await ground.CellAsync(Host)).State);
        Assert.Equal([(0, 2L)], [(await ground.Store.ReadAsync<int>("select max(rules_version) from unit_day_former"), await ground.Store.CountAsync("unit_day_former"))]);
        Assert.Equal($"ok {cell.State.Word()}", await ground.Store.ReadAsync<string>("select state_before || ' ' || state_after from cell_change"));
    }

    [Fact]
    public async Task The_same_rules_change_no_byte()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await MeasuredAsync(ground);
        var before = await ground.Store.ReadAsync<string>(AllUnitDays);
        var outcome = await ground.ReanalyzeAsync();
        Assert.Equal((16, 0, 0), (outcome.Measurements, outcome.Changed, outcome.Cells.Count));
        Assert.Equal(before, await ground.Store.ReadAsync<string>(AllUnitDays));
    }

    [Fact]
    public async Task What_is_measured_while_it_is_under_way_is_counted_once()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        var (first, _) = await MeasuredAsync(ground);
        await JudgedOtherwiseAsync(ground);

        // Stored before it begins and not analysed yet; then analysed while it is under way; then stored and analysed meanwhile.
        await ground.SeesAsync(first, Denied(), runs: 1);
        var staged = await ground.Reanalysis.StageAsync(ground.Window, _ => { }, AnalysisGround.Ct);
        await ground.SeesAsync(first, Denied(), runs: 2);
        await ground.SettleAsync();
        await ground.SeesAsync(first, Denied(), runs: 1);
        await ground.Reanalysis.SwitchAsync(staged, AnalysisGround.Ct);
        await ground.SettleAsync();

        var counted = await ground.Store.ReadAsync<string>(AllUnitDays);
        Assert.Equal(12, await ground.Store.ReadAsync<long>($"select sum(n) from unit_day where target = '{Host}'"));
        await ground.WholeAsync(Host);
        Assert.Equal(counted, await ground.Store.ReadAsync<string>(AllUnitDays));
        Assert.Equal(0, await ground.Store.CountAsync("reanalysis_again"));
    }

    [Fact]
    public async Task What_it_computed_ahead_of_the_analysis_is_not_added_again()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        var (first, _) = await MeasuredAsync(ground);
        await ground.SeesAsync(first, Denied(), runs: 2);
        Assert.Equal(1, (await ground.ReanalyzeAsync()).Changed);
        await ground.SettleAsync();
        Assert.Equal(10, await ground.Store.ReadAsync<long>($"select sum(n) from unit_day where target = '{Host}'"));
    }

    [Fact]
    public async Task A_sink_that_the_new_rules_find_turns_both_names_that_share_it()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        string[] sites = ["https://www.news.example/", "https://www.paper.example.net/"];
        foreach (var site in sites)
        {
            await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(site));
            await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(site));
            await ground.SeesAsync(ground.Volunteer(1), Sunk(site));
        }
        await ground.SettleAsync();
        var right = await ground.Store.ReadAsync<string>(AllUnitDays);
        Assert.Equal(2, await ground.Store.ReadAsync<long>("select count(*) from unit_day where 'dns.injection.sink' = any(mechanisms)"));

        // Older rules did not note such an answer.
        await ground.Store.ReadAsync<long>("with gone as (delete from stray returning 1) select count(*) from gone");
        await JudgedOtherwiseAsync(ground, "true");
        var outcome = await ground.ReanalyzeAsync();

        Assert.Equal(2, outcome.Changed);
        Assert.Equal(right, await ground.Store.ReadAsync<string>(AllUnitDays));
        Assert.Equal(2, await ground.Store.ReadAsync<long>("select count(distinct host) from stray"));
    }

    [Fact]
    public async Task A_withdrawal_takes_what_was_said_before_as_well()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        var (first, _) = await MeasuredAsync(ground);
        await JudgedOtherwiseAsync(ground);
        await ground.ReanalyzeAsync();
        await ground.Store.Writer.WithdrawAsync(new() { Withdrawal = new() { PublicKey = first.PublicKey, ThroughSequence = 99 } }, AnalysisGround.Ct);
        await ground.SettleAsync();
        Assert.Equal(1, await ground.Store.CountAsync("unit_day_former"));
        Assert.Equal(1, await ground.Store.ReadAsync<long>($"select count(*) from unit_day where target = '{Host}'"));
    }

    [Fact]
    public async Task Days_of_older_rules_are_found_until_they_are_gone_over()
    {
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await MeasuredAsync(ground);
        Assert.Null(await ground.Reanalysis.OutdatedAsync(AnalysisGround.Ct));
        await ground.Store.ReadAsync<long>("with turned as (update unit_day set rules_version = 0 returning 1) select count(*) from turned");
        var outdated = await ground.Reanalysis.OutdatedAsync(AnalysisGround.Ct);
        Assert.Equal(1, outdated!.Days);
        await ground.ReanalyzeAsync();
        Assert.Null(await ground.Reanalysis.OutdatedAsync(AnalysisGround.Ct));
    }

    // Two homes that cannot reach one of two sites, and two controls; four runs each.
    static async Task<(Store.TestKey First, Store.TestKey Second)> MeasuredAsync(AnalysisGround ground)
    {
        var (first, second) = (ground.Volunteer(1), ground.Volunteer(2));
        var controls = new[] { ground.Control(201, 64560), ground.Control(202, 64561) };
        foreach (var site in new[] { Site, Other })
        {
            foreach (var control in controls)
                await ground.SeesAsync(control, Page.Reached(site));
            foreach (var home in new[] { first, second })
                await ground.SeesAsync(home, site == Site ? Denied() : Page.Reached(site));
        }
        await ground.SettleAsync();
        return (first, second);
    }

    // The unit days say what those of a site without trouble say.
    static Task<long> JudgedOtherwiseAsync(AnalysisGround ground, string which = $"target = '{Host}'") => ground.Store.ReadAsync<long>(
        $"""
        with turned as (
            update unit_day set rules_version = 0, findings = $1, k = 0, interference_runs = 0, mechanisms = array[]::text[], artefacts = array[]::text[], tokens = array[]::text[]
            where {which} returning 1)
        select count(*) from turned
        """, Fine);

    static byte[] Fine => Collector.Store.SightsCodec.Write(
        DateOnly.FromDateTime(Store.TestKey.Noon.UtcDateTime),
        Enumerable.Range(8, 4).Select(hour => new Sight(Store.TestKey.Noon.AddHours(hour - 12), 60, Protos.V1.Reason.Scheduled, Collector.Analysis.Findings.Outcome.Ok, null, [], ["ok.certificate"], [], [])));

    static Page Denied() =>
        new Page(Site).SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth);

    static Page Sunk(string site) =>
        new Page(site).System(Page.Lie).Connects(Page.Lie, FailureCodes.ConnectionRefused);
}
