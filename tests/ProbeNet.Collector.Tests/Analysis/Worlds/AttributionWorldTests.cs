using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>
/// Countries whose truth is known, judged. The full form makes 250 of each kind, on the tuning seeds and on others, and holds to every bound;
/// the short form's ten of each kind fail where a share is above its bound by more than so few worlds make by chance.
/// </summary>
public sealed class AttributionWorldTests(ITestOutputHelper output)
{
    [Fact]
    public void Worlds_are_told_apart()
    {
        if (MadeCountries.Tuned is { } tuned)
            output.WriteLine($"{tuned.Title} (tuned on)\n{new WorldReport(tuned.Results).Text()}");
        var report = new WorldReport(MadeCountries.Reported.Results);
        output.WriteLine($"{MadeCountries.Reported.Title}\n{report.Text()}");
        if (Environment.GetEnvironmentVariable("PROBENET_WORLD_REPORT") is { } file)
            File.WriteAllText(file, report.Text() + report.Failures());
        Assert.True(report.RightOfDecided >= 0.98, report.Failures());
        Assert.True(report.FalseGateways <= 1, report.Failures());
        Assert.True(report.UndeterminedShare <= AtMost(0.2, report.FloorsMet), report.Failures());
        Assert.Equal(0, report.ClaimsBelowTheFloor);
        Assert.True(report.FalselyAlike <= 0.01 * report.TargetsOf(WorldKind.Order, WorldKind.Independent, WorldKind.Outage, WorldKind.Quiet), report.Text());
        Assert.True(report.FalselyCoordinated <= 0.01 * report.TargetsOf(WorldKind.Independent, WorldKind.Outage, WorldKind.Quiet), report.Text());
    }

    [Fact]
    public void What_comes_late_contradicts_nothing_that_was_said()
    {
        Assert.All(Enum.GetValues<WorldKind>().SelectMany(kind => Enumerable.Range(3001, 2).Select(seed => WorldMaker.Make(WorldPlan.Draw(kind, seed)))), made =>
        {
            Assert.True(made.Whole.Observations.Count > made.World.Observations.Count);
            var (known, whole) = (WorldResult.Of(made), WorldResult.Of(made with { World = made.Whole }));
            Assert.True(known.SaysNothing || whole.SaysNothing || known.SaysCoordinated == whole.SaysCoordinated, $"{made.Plan}: {known.Word}, then {whole.Word}");
        });
    }

    [Fact]
    public void Cells_are_right_as_often_as_they_say()
    {
        if (MadeCountries.Tuned is { } tuned)
            output.WriteLine($"{tuned.Title} (tuned on)\n{new CalibrationReport(tuned.Results).Text()}");
        var report = new CalibrationReport(MadeCountries.Reported.Results);
        output.WriteLine($"{MadeCountries.Reported.Title}\n{report.Text()}");
        Assert.True(report.Cells >= 3000, report.Text());
        Assert.True(report.Likely.Share >= 0.995, report.Text());
        Assert.True(report.Blocked.Share >= 0.999, report.Text());
        Assert.True((MadeCountries.Full ? report.Error : report.ErrorInterval.Low) <= 0.02, report.Text());
    }

    // One-sided 95 % of a binomial share.
    static double AtMost(double bound, int worlds) => MadeCountries.Full ? bound : bound + 1.645 * Math.Sqrt(bound * (1 - bound) / worlds);
}
