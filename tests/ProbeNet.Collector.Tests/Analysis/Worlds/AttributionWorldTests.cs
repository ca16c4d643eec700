using System.Globalization;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>Countries whose truth is known, judged. The full form makes 250 of each kind.</summary>
public sealed class AttributionWorldTests(ITestOutputHelper output)
{
    // Thresholds were tuned on seeds below 1000.
    const int FirstSeed = 5000;

    static readonly bool Full = Environment.GetEnvironmentVariable("PROBENET_FULL") is not null;

    [Fact]
    public void Worlds_are_told_apart()
    {
        var first = int.Parse(Environment.GetEnvironmentVariable("PROBENET_WORLD_SEED") ?? FirstSeed.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var count = int.Parse(Environment.GetEnvironmentVariable("PROBENET_WORLDS") ?? (Full ? "250" : "10"), CultureInfo.InvariantCulture);
        var plans = Enum.GetValues<WorldKind>().SelectMany(kind => Enumerable.Range(first, count).Select(seed => WorldPlan.Draw(kind, seed))).ToArray();
        var results = new WorldResult[plans.Length];
        Parallel.For(0, plans.Length, new() { MaxDegreeOfParallelism = 2 }, i => results[i] = WorldResult.Of(WorldMaker.Make(plans[i])));
        var report = new WorldReport(results);
        output.WriteLine(report.Text());
        if (Environment.GetEnvironmentVariable("PROBENET_WORLD_REPORT") is { } file)
            File.WriteAllText(file, report.Text() + report.Failures());
        Assert.True(report.RightOfDecided >= 0.98, report.Failures());
        Assert.True(report.FalseGateways <= 1, report.Failures());
        Assert.True(report.UndeterminedShare <= 0.2, report.Failures());
        Assert.Equal(0, report.ClaimsBelowTheFloor);
    }
}
