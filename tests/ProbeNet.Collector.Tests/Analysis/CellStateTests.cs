using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class CellStateTests
{
    [Fact]
    public void Two_independent_homes_with_an_artefact_that_lasts_are_blocked()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Blockpage).Unit(2, CellWorld.Blockpage).Cell();
        Assert.Equal(CellState.Blocked, cell.State);
        Assert.Equal(Mechanisms.HttpBlockpage, Assert.Single(cell.Mechanisms).Name);
        Assert.Equal((2, 2, 12, 12), (cell.Units, cell.Groups, cell.Runs, cell.InterferenceRuns));
        Assert.Equal(Loci.Network, cell.Locus);
        Assert.False(cell.Changed);
        Assert.Null(cell.Since!.Earliest);
        Assert.NotNull(cell.Witness);
    }

    [Fact]
    public void Two_homes_of_one_group_are_likely_blocked_at_most() =>
        Assert.Equal(CellState.LikelyBlocked, new CellWorld().Unit(1, CellWorld.Blockpage, group: 7).Unit(2, CellWorld.Blockpage, group: 7).State);

    [Fact]
    public void Many_homes_of_one_group_are_likely_blocked_at_most()
    {
        var world = new CellWorld();
        for (var unit = 1; unit <= 12; unit++)
            world.Unit(unit, CellWorld.Blockpage, runs: 24, group: 7);
        Assert.Equal(CellState.LikelyBlocked, world.State);
    }

    [Fact]
    public void One_home_never_decides() => Assert.Equal(CellState.Suspected, new CellWorld().Unit(1, CellWorld.Blockpage, runs: 100).State);

    // A unit lasts one epoch of 30 days: in the next the same home has another tag, and nobody can tell.
    [Fact]
    public void One_home_over_the_end_of_an_epoch_is_not_two()
    {
        var end = (int)(DateTimeOffset.UnixEpoch.AddDays((Day.EpochOf(Day.Of(CellWorld.Start)) + 1) * Day.PerEpoch) - CellWorld.Start).TotalHours;
        var world = new CellWorld().Unit(1, CellWorld.Blockpage, runs: 24, from: end - 25).Unit(2, CellWorld.Blockpage, runs: 24, from: end);
        Assert.Equal((CellState.Suspected, 1, 1), (world.State, world.Cell().Units, world.Cell().Groups));
        world.Unit(3, CellWorld.Blockpage, from: end);
        Assert.Equal((CellState.Blocked, 2, 2), (world.State, world.Cell().Units, world.Cell().Groups));
    }

    [Fact]
    public void One_home_among_clean_ones_is_suspected() =>
        Assert.Equal(CellState.Suspected, new CellWorld().Unit(1, CellWorld.Blockpage).Unit(2, CellWorld.Ok).Unit(3, CellWorld.Ok).State);

    [Fact]
    public void Failures_without_an_artefact_are_likely_blocked() =>
        Assert.Equal(CellState.LikelyBlocked, new CellWorld().Unit(1, CellWorld.Timeout).Unit(2, CellWorld.Timeout).State);

    [Fact]
    public void What_has_not_lasted_is_likely_blocked()
    {
        var world = new CellWorld().Unit(1, CellWorld.Blockpage, runs: 2).Unit(2, CellWorld.Blockpage, runs: 2);
        Assert.Equal(CellState.LikelyBlocked, world.State);
        Assert.Equal(CellState.Blocked, world.Cell(TimeSpan.Zero).State);
    }

    [Fact]
    public void A_network_that_only_the_agent_names_never_supports_blocked() =>
        Assert.Equal(CellState.LikelyBlocked, new CellWorld().Unit(1, CellWorld.Blockpage, source: AsnSource.Agent).Unit(2, CellWorld.Blockpage).State);

    [Fact]
    public void A_resolver_contradiction_needs_two_homes()
    {
        var silent = CellWorld.Contradiction with { Outcome = Outcome.Anomaly, Artefacts = [] };
        Assert.Equal(CellState.LikelyBlocked, new CellWorld().Unit(1, CellWorld.Contradiction).Unit(2, silent).State);
        Assert.Equal(CellState.Blocked, new CellWorld().Unit(1, CellWorld.Contradiction).Unit(2, CellWorld.Contradiction).State);
    }

    [Fact]
    public void An_artefact_at_one_layer_is_not_supported_by_failures_of_another() =>
        Assert.Equal(CellState.LikelyBlocked, new CellWorld().Unit(1, CellWorld.Blockpage).Unit(2, CellWorld.Timeout).State);

    [Fact]
    public void Fewer_than_three_runs_are_below_the_floor()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Blockpage, runs: 1).Unit(2, CellWorld.Blockpage, runs: 1).Cell();
        Assert.Equal((CellState.Insufficient, InsufficientReasons.BelowFloor), (cell.State, cell.Reason));
    }

    [Fact]
    public void One_volunteer_with_nothing_wrong_says_nothing()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Ok, runs: 50).Cell();
        Assert.Equal((CellState.Insufficient, InsufficientReasons.OneVolunteer), (cell.State, cell.Reason));
    }

    [Theory]
    [InlineData(DiscardReasons.ReferencesFailed, InsufficientReasons.ReferencesFailed)]
    [InlineData(DiscardReasons.NetworkDown, InsufficientReasons.NetworkDown)]
    [InlineData(DiscardReasons.NoControl, InsufficientReasons.NoControl)]
    public void Runs_that_prove_nothing_say_why(string discarded, string reason)
    {
        var cell = new CellWorld().Unit(1, CellWorld.Discarded(discarded)).Unit(2, CellWorld.Discarded(discarded)).Cell();
        Assert.Equal((CellState.Insufficient, reason, 12), (cell.State, cell.Reason, cell.DiscardedRuns));
    }

    [Fact]
    public void Successes_without_controls_do_not_hide_failures_without_controls()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Ok, 2).Unit(2, CellWorld.Ok, 2)
            .Unit(1, CellWorld.Discarded(DiscardReasons.NoControl), 8, from: 2).Unit(2, CellWorld.Discarded(DiscardReasons.NoControl), 8, from: 2).Cell();
        Assert.Equal((CellState.Insufficient, InsufficientReasons.NoControl), (cell.State, cell.Reason));
    }

    [Fact]
    public void A_site_that_fails_at_controls_too_is_down()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Down).Unit(2, CellWorld.Down).Cell();
        Assert.Equal((CellState.Down, Loci.Server), (cell.State, cell.Locus));
        Assert.Null(cell.Posterior);
    }

    [Fact]
    public void A_server_that_turns_visitors_away_is_refused() =>
        Assert.Equal(CellState.Refused, new CellWorld().Unit(1, CellWorld.Refused).Unit(2, CellWorld.Refused).State);

    [Fact]
    public void A_site_that_is_slower_than_its_reference_is_throttled()
    {
        var slow = new Finding { Outcome = Outcome.Slow };
        Assert.Equal(CellState.Throttled, new CellWorld().Unit(1, slow).Unit(2, slow).State);
    }

    [Fact]
    public void Homes_that_see_it_beside_as_many_that_do_not_are_mixed()
    {
        var world = new CellWorld();
        for (var unit = 1; unit <= 3; unit++)
            world.Unit(unit, CellWorld.Timeout).Unit(10 + unit, CellWorld.Ok, access: Access.Mobile);
        var cell = world.Cell();
        Assert.Equal((CellState.Mixed, "both"), (cell.State, cell.Access));
    }

    [Theory]
    [InlineData(Access.Mobile, Access.Fixed, "mobile")]
    [InlineData(Access.Fixed, Access.Mobile, "fixed")]
    [InlineData(Access.Fixed, Access.Fixed, "fixed")]
    public void A_block_on_one_kind_of_line_alone_is_told_apart(Access blocked, Access open, string access)
    {
        var world = new CellWorld();
        for (var unit = 1; unit <= 5; unit++)
            world.Unit(unit, CellWorld.Blockpage, access: blocked);
        var verdict = world.Unit(11, CellWorld.Ok, access: open).Unit(12, CellWorld.Ok, access: open).Verdict();
        Assert.Equal((CellState.Blocked, access), (verdict.Cell.State, verdict.Cell.Access));
        var step = verdict.Reasoning.Steps.SingleOrDefault(s => s.Code == "access");
        Assert.Equal(blocked == open, step is null);
        Assert.False(step?.Holds ?? false);
        Assert.Contains($"on {access} lines 30 of 30 measurements", step?.Text.ToLowerInvariant() ?? $"on {access} lines 30 of 30 measurements", StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_on_both_kinds_of_line_is_on_both()
    {
        var verdict = new CellWorld().Unit(1, CellWorld.Blockpage).Unit(2, CellWorld.Blockpage).Unit(3, CellWorld.Blockpage, access: Access.Mobile).Verdict();
        Assert.Equal((CellState.Blocked, "both"), (verdict.Cell.State, verdict.Cell.Access));
        Assert.True(verdict.Reasoning.Steps.Single(s => s.Code == "access").Holds);
    }

    [Fact]
    public void Everything_reached_is_ok()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Ok).Unit(2, CellWorld.Ok).Cell();
        Assert.Equal(CellState.Ok, cell.State);
        Assert.True(cell.Posterior < 0.001);
    }

    [Fact]
    public void A_lost_packet_here_and_there_is_ok() =>
        Assert.Equal(CellState.Ok, new CellWorld().Unit(1, CellWorld.Ok, 24).Unit(2, CellWorld.Ok, 24).Unit(3, CellWorld.Ok, 24).Unit(1, CellWorld.Timeout, 1, from: 12).State);

    [Fact]
    public void A_quic_failure_alone_stays_ok_and_is_listed()
    {
        var finding = CellWorld.Ok with { Mechanisms = [new(Mechanisms.QuicTimeout)] };
        var cell = new CellWorld().Unit(1, finding).Unit(2, finding).Cell();
        Assert.Equal(CellState.Ok, cell.State);
        Assert.Equal(Mechanisms.QuicTimeout, Assert.Single(cell.Mechanisms).Name);
    }

    [Fact]
    public void Tasks_and_manual_runs_are_evidence_and_no_share()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Blockpage, 3).Unit(2, CellWorld.Blockpage, 3)
            .Unit(1, CellWorld.Blockpage, 5, from: 4, reason: Reason.Task).Unit(3, CellWorld.Ok, 5, reason: Reason.Manual).Cell();
        Assert.Equal((6, 6, 3), (cell.Runs, cell.InterferenceRuns, cell.Units));
    }

    [Fact]
    public void Nobody_measured_is_said_in_the_right_words()
    {
        Assert.Equal(InsufficientReasons.NoAgents, CellJudge.Unmeasured("KH", "a.example", 1, agentsThere: false).Cell.Reason);
        Assert.Equal(InsufficientReasons.NotOnList, CellJudge.Unmeasured("KH", "a.example", 1, agentsThere: true).Cell.Reason);
    }

    [Fact]
    public void The_state_is_that_of_the_latest_stretch()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Ok, 10).Unit(2, CellWorld.Ok, 10).Unit(1, CellWorld.Blockpage, 10, from: 10).Unit(2, CellWorld.Blockpage, 10, from: 10).Cell();
        Assert.Equal(CellState.Blocked, cell.State);
        Assert.True(cell.Changed);
        Assert.Equal((20, 20), (cell.Runs, cell.InterferenceRuns));
        Assert.Equal(CellWorld.Start.AddHours(9).AddMinutes(2), cell.Since!.Earliest);
        Assert.Equal(CellWorld.Start.AddHours(10).AddMinutes(2), cell.Since.Latest);
    }

    [Fact]
    public void Unblocking_is_a_change_too()
    {
        var cell = new CellWorld().Unit(1, CellWorld.Blockpage, 10).Unit(2, CellWorld.Blockpage, 10).Unit(1, CellWorld.Ok, 10, from: 10).Unit(2, CellWorld.Ok, 10, from: 10).Cell();
        Assert.Equal((CellState.Ok, true, 20), (cell.State, cell.Changed, cell.Runs));
    }

    [Fact]
    public void A_home_that_joins_is_no_change() =>
        Assert.False(new CellWorld().Unit(1, CellWorld.Ok, 20).Unit(2, CellWorld.Ok, 20).Unit(3, CellWorld.Blockpage, 20, from: 30).Unit(4, CellWorld.Blockpage, 20, from: 30).Cell().Changed);

    [Fact]
    public void One_homes_change_is_not_the_cells() =>
        Assert.False(new CellWorld().Unit(1, CellWorld.Ok, 30).Unit(1, CellWorld.Blockpage, 30, from: 30).Unit(2, CellWorld.Ok, 60).Cell().Changed);

    [Fact]
    public void The_reasoning_tells_what_was_missing()
    {
        var steps = new CellWorld().Unit(1, CellWorld.Timeout).Unit(2, CellWorld.Timeout).Verdict().Reasoning.Steps;
        Assert.True(steps.Single(s => s.Code == "sustained").Holds);
        Assert.False(steps.Single(s => s.Code == "artefact").Holds);
    }

    [Fact]
    public void A_deeper_mechanism_of_other_runs_names_the_shallow_ones()
    {
        var plain = CellWorld.Timeout with { Mechanisms = [new(Mechanisms.TlsReset)] };
        var compared = CellWorld.Timeout with { Mechanisms = [new(Mechanisms.TlsResetSni)] };
        var mechanism = Assert.Single(new CellWorld().Unit(1, plain).Unit(2, compared).Cell().Mechanisms);
        Assert.Equal((Mechanisms.TlsResetSni, 12, 2), (mechanism.Name, mechanism.Runs, mechanism.Units));
    }
}
