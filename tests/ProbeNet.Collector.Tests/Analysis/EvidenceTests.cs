using CsCheck;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class EvidenceTests
{
    static readonly Finding[] Kinds = [CellWorld.Ok, CellWorld.Timeout, CellWorld.Blockpage, CellWorld.Contradiction, CellWorld.Refused, CellWorld.Down, CellWorld.Discarded(DiscardReasons.NoControl)];

    // (unit, kind, runs, from)
    static readonly Gen<(int Unit, int Kind, int Runs, int From)[]> Worlds =
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, Kinds.Length - 1], Gen.Int[1, 12], Gen.Int[0, 60]).Array[1, 10];

    static CellWorld World(IEnumerable<(int Unit, int Kind, int Runs, int From)> parts, int? group = null)
    {
        var world = new CellWorld();
        foreach (var (unit, kind, runs, from) in parts)
            world.Unit(unit, Kinds[kind], runs, from, group);
        return world;
    }

    // Analysis 2.3: values simulated there for an error of 0.03 and a baseline of 0.02.
    [Theory]
    [InlineData(0, 1, -1.90)]
    [InlineData(1, 1, 3.21)]
    [InlineData(0, 4, -2.94)]
    [InlineData(2, 4, 1.39)]
    [InlineData(4, 4, 4.68)]
    [InlineData(6, 12, 1.10)]
    [InlineData(12, 12, 5.17)]
    [InlineData(24, 24, 5.37)]
    public void Evidence_of_one_home_is_that_of_the_reference(int interference, int scored, double expected) =>
        Assert.Equal(expected, Evidence.OfUnit(interference, scored, artefact: false), 0.006);

    [Fact]
    public void Wilsons_interval_is_that_of_the_reference()
    {
        // Analysis 2.6: 37 of 42 runs at three homes.
        var interval = Share.Interval([(13, 14), (12, 14), (12, 14)])!;
        Assert.Equal(0.44, interval.Low, 0.01);
        Assert.Equal(0.99, interval.High, 0.01);
    }

    [Fact]
    public void One_home_never_passes_the_bar_whatever_it_sees() => Gen.Int[1, 500].Sample(runs =>
        Evidence.Posterior(Evidence.OfGroup([Evidence.OfUnit(runs, runs, artefact: true)])) < Evidence.Likely);

    [Fact]
    public void The_order_of_what_came_in_does_not_matter() => Worlds.Sample(parts =>
    {
        var straight = World(parts);
        var reversed = World(parts.Reverse());
        return Text(straight) == Text(reversed);
    });

    [Fact]
    public void A_single_group_is_never_blocked() => Worlds.Sample(parts => World(parts, group: 1).State != CellState.Blocked);

    [Fact]
    public void A_second_home_of_the_same_group_never_makes_it_blocked() => Worlds.Sample(parts =>
    {
        var one = parts.Where(p => p.Unit == 1).ToArray();
        if (one.Length == 0)
            return true;
        var twins = World(one, group: 1);
        foreach (var (_, kind, runs, from) in one)
            twins.Unit(2, Kinds[kind], runs, from, group: 1);
        return twins.State != CellState.Blocked;
    });

    [Fact]
    public void A_posterior_is_a_probability_and_a_share_lies_in_its_interval() => Worlds.Sample(parts =>
    {
        var cell = World(parts).Cell();
        var share = cell.Runs == 0 ? 0 : (double)cell.InterferenceRuns / cell.Runs;
        return cell.Posterior is null or (>= 0 and <= 1)
            && (cell.Interval is null || (cell.Interval.Low <= share + 1e-9 && cell.Interval.High >= share - 1e-9));
    });

    static string Text(CellWorld world)
    {
        var verdict = world.Verdict();
        return System.Text.Json.JsonSerializer.Serialize(verdict.Cell) + System.Text.Json.JsonSerializer.Serialize(verdict.Reasoning);
    }
}
