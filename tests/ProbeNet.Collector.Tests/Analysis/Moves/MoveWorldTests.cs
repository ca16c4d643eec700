using System.Globalization;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Moves;

/// <summary>Countries that pass from order to gateway, and countries in which only something else happens. The full form makes 250 of the first and 100 of each other.</summary>
public sealed class MoveWorldTests(ITestOutputHelper output)
{
    // Thresholds were tuned on seeds below 1000.
    const int FirstSeed = 5000;

    static readonly bool Full = Environment.GetEnvironmentVariable("PROBENET_FULL") is not null;

    [Fact]
    public void Moves_are_dated_and_nothing_else_is_taken_for_one()
    {
        var first = int.Parse(Environment.GetEnvironmentVariable("PROBENET_MOVE_SEED") ?? FirstSeed.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var (moves, others) = Full ? (250, 100) : (4, 2);
        var plans = Enum.GetValues<MoveKind>().SelectMany(kind => Enumerable.Range(first, kind == MoveKind.Gateway ? moves : others).Select(seed => MovePlan.Draw(kind, seed))).ToArray();
        var outcomes = new MoveOutcome[plans.Length][];
        Parallel.For(0, plans.Length, new() { MaxDegreeOfParallelism = 2 }, i => outcomes[i] = [.. MoveOutcome.Of(MoveWorldMaker.Make(plans[i]))]);
        var table = new MoveTable([.. outcomes.SelectMany(o => o)]);
        output.WriteLine(table.Text());
        if (Environment.GetEnvironmentVariable("PROBENET_MOVE_REPORT") is { } file)
            File.WriteAllText(file, table.Text() + table.Failures());
        Assert.True(table.Dated >= 0.95, table.Text() + table.Failures());
        Assert.True(table.False == 0, table.Text() + table.Failures());
        Assert.Equal(0, table.BelowTheFloor);
    }
}
