using ProbeNet.Collector.Rollout.Stages;
using Xunit;

namespace ProbeNet.Collector.Tests.Rollout;

public sealed class StageJudgeTests
{
    static readonly RolloutRules Rules = new();
    static readonly TimeSpan Over = Rules.Soak[Stage.ThreeHundred];

    /// <summary>Brief agents may have run a list often enough only long after the stage's time, when its looks are past.</summary>
    [Theory]
    [InlineData(1.0, false)]
    [InlineData(1.5, true)]
    public void What_was_measured_after_the_last_look_is_compared_before_more_agents_get_the_list(double slower, bool halts)
    {
        Assert.Equal(StageDecision.Wait, StageJudge.Judge(Stage.ThreeHundred, Over, look: true, Fleet(slower, runs: Rules.RunsOfAnAgent - 1), Rules).Decision);
        var verdict = StageJudge.Judge(Stage.ThreeHundred, Over, look: false, Fleet(slower, Rules.RunsOfAnAgent), Rules);
        Assert.Equal(halts ? StageDecision.Halt : StageDecision.Promote, verdict.Decision);
        Assert.Equal(halts, verdict.Reason.StartsWith("run time", StringComparison.Ordinal));
    }

    [Fact]
    public void When_everybody_has_it_there_is_nobody_to_compare_with()
    {
        AgentEvidence[] all = [.. Fleet(3, Rules.RunsOfAnAgent).Select(agent => agent with { Admitted = true, Applied = true })];
        Assert.Equal(StageDecision.Promote, StageJudge.Judge(Stage.All, TimeSpan.Zero, look: false, all, Rules).Decision);
    }

    /// <summary>Six providers with six volunteers each, of whom one is on the old list.</summary>
    static AgentEvidence[] Fleet(double slower, int runs) =>
    [
        .. from isp in Enumerable.Range(0, 6)
           from volunteer in Enumerable.Range(0, 6)
           let isNew = volunteer > 0
           let means = new RunMeans(runs, (3000 + (10 * volunteer)) * (isNew ? slower : 1), 40_000, 0)
           select new AgentEvidence((uint)(64501 + isp), Own: false, isNew, isNew, "", Silent: false, means, Before: null),
    ];
}
