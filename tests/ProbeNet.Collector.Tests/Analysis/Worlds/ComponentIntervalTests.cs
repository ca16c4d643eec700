using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Worlds;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

public sealed class ComponentIntervalTests
{
    [Theory]
    [InlineData(WorldKind.Order)]
    [InlineData(WorldKind.Gateway)]
    [InlineData(WorldKind.Independent)]
    public void An_interval_holds_what_is_measured_is_the_same_each_time_and_narrower_over_more_targets(WorldKind kind)
    {
        var (few, many) = (Judged(kind, targets: 24), Judged(kind, targets: 96));
        foreach (var (verdict, intervals) in new[] { few, many })
            foreach (var (value, spread) in Pairs(verdict.Components, intervals))
                if (value is { } known && spread is not null)
                {
                    Assert.InRange(spread.Low, 0, spread.High);
                    Assert.InRange(known, spread.Low - 0.1, spread.High + 0.1);
                }
        Assert.Equal(few.Intervals, Judged(kind, targets: 24).Intervals);
        // All of a gateway's providers block the same, and independent ones next to nothing that others block: no draw of few says otherwise.
        var (wide, narrow) = (Width(few.Intervals.Jaccard), Width(many.Intervals.Jaccard));
        Assert.True(kind == WorldKind.Order ? narrow < wide : wide < 0.1 && narrow < 0.1, $"{few.Intervals.Jaccard} {many.Intervals.Jaccard}");
    }

    [Fact]
    public void Where_nothing_is_compared_there_is_no_interval() =>
        Assert.Equal(ComponentIntervals.None, ComponentIntervals.Of([], new Dictionary<string, string>(StringComparer.Ordinal)));

    static double Width(Spread? spread) => spread!.High - spread.Low;

    static IEnumerable<(double? Value, Spread? Spread)> Pairs(AttributionComponents components, ComponentIntervals intervals) =>
    [
        (components.List, intervals.List), (components.Jaccard, intervals.Jaccard), (components.Mechanism, intervals.Mechanism), (components.MechanismOverlap, intervals.MechanismOverlap), (components.Place, intervals.Place),
    ];

    static (CountryVerdict Verdict, ComponentIntervals Intervals) Judged(WorldKind kind, int targets)
    {
        var world = WorldMaker.Make(new(kind, Difficulty.Easy, 11, Isps: 6, Targets: targets, Localised: true, Days: 7)).World;
        var verdicts = CellSet.Judge(WorldDays.Of(world), CellRules.Default);
        var categories = WorldAnalysis.Categories(world);
        return (AttributionJudge.Judge(verdicts, categories), ComponentIntervals.Of(verdicts, categories));
    }
}
