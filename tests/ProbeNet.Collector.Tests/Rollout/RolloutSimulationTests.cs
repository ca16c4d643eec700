using ProbeNet.Collector.Rollout.Stages;
using Xunit;

namespace ProbeNet.Collector.Tests.Rollout;

/// <summary>Releases over a fleet of ten thousand, by the rules that run: good ones go through, bad ones stop before they have spread.</summary>
public sealed class RolloutSimulationTests(ITestOutputHelper output)
{
    const int Volunteers = 10_000;
    const int Isps = 12;

    static readonly RolloutRules Rules = new();

    [Fact]
    public void Of_two_hundred_good_releases_one_in_twenty_at_most_is_halted()
    {
        var halts = new List<string>();
        for (var seed = 0; seed < 200; seed++)
        {
            // Every fourth fleet is a small one: there the rules are others.
            var fleet = new SimulatedFleet(seed % 4 == 3 ? 120 : Volunteers / 5, Isps, seed);
            if (fleet.Release($"good {seed}", new(), Rules) is { } halt)
                halts.Add($"{seed}: {halt.Stage} {halt.Reason}");
        }
        output.WriteLine($"{halts.Count} of 200 good releases were halted");
        halts.ForEach(output.WriteLine);
        Assert.True(halts.Count <= 10, string.Join('\n', halts));
    }

    [Theory]
    [InlineData(0.05, 60)]
    [InlineData(0.02, 300)]
    public void Agents_that_fail_are_found_while_few_have_it(double failing, int before)
    {
        const int Releases = 200;
        var fleet = new SimulatedFleet(Volunteers, Isps, 1);
        var found = 0;
        for (var n = 0; n < Releases; n++)
        {
            if (fleet.Release($"failing {n}", new(Refusing: failing), Rules) is { } halt && halt.Admitted <= before)
                found++;
        }
        output.WriteLine($"{failing:P0} failing: found before {before} agents had it in {found} of {Releases} releases");
        // 95 % of the time in truth; of 200 draws from that, 179 or fewer would be one chance in a thousand.
        Assert.True(found >= 180, $"{found} of {Releases}");
    }

    [Theory]
    [InlineData("one in five silenced", 0.2, 1, 1, 0)]
    [InlineData("runs half as long again", 0, 1.5, 1, 0)]
    [InlineData("twice the bytes", 0, 1, 2, 0)]
    [InlineData("one in five inputs fails", 0, 1, 1, 0.2)]
    public void What_has_a_natural_background_is_found_against_the_same_providers_agents_on_the_old_list(
        string name, double silenced, double slower, double heavier, double failing)
    {
        var harm = new Harm(Silenced: silenced, Slower: slower, Heavier: heavier, Failing: failing);
        const int Releases = 40;
        var fleet = new SimulatedFleet(Volunteers, Isps, 2);
        var halts = Enumerable.Range(0, Releases).Select(n => fleet.Release($"{name} {n}", harm, Rules)).ToList();
        var early = halts.Count(halt => halt is { Stage: < Stage.Quarter });
        output.WriteLine($"{name}: halted in {halts.Count(halt => halt is not null)} of {Releases}, before a quarter had it in {early}; at {string.Join(' ', halts.GroupBy(halt => halt?.Stage).Select(stage => $"{stage.Key} {stage.Count()}"))}");
        Assert.True(early >= Releases * 0.95, $"{early} of {Releases}");
    }
}
