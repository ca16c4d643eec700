using ProbeNet.Collector.Analysis.Cells;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class ReachedInsideTests
{
    static readonly CellWorld Failing = new CellWorld().Unit(1, CellWorld.Down).Unit(2, CellWorld.Down);

    [Fact]
    public void A_site_that_lets_in_the_country_alone_is_not_down_where_a_provider_does_not_reach_it()
    {
        var cells = Judge(Failing, new CellWorld().Unit(3, CellWorld.Ok).Unit(4, CellWorld.Ok));
        Assert.Equal((CellState.Insufficient, InsufficientReasons.NoControl), (cells[0].State, cells[0].Reason));
        Assert.Equal(CellState.Ok, cells[1].State);
    }

    [Fact]
    public void What_nobody_reaches_is_down_at_every_provider() =>
        Assert.All(Judge(Failing, new CellWorld().Unit(3, CellWorld.Down).Unit(4, CellWorld.Down)), cell => Assert.Equal(CellState.Down, cell.State));

    [Fact]
    public void Who_reached_it_before_it_went_down_says_nothing_against_it() =>
        Assert.Equal(CellState.Down, Judge(new CellWorld().Unit(1, CellWorld.Down, from: 12).Unit(2, CellWorld.Down, from: 12), new CellWorld().Unit(3, CellWorld.Ok).Unit(4, CellWorld.Ok))[0].State);

    static IReadOnlyList<Cell> Judge(CellWorld one, CellWorld other) => CellSet.Of([.. one.Days(), .. other.Days().Select(day => day with { Asn = 64502 })], CellRules.Default);
}
