using ProbeNet.Collector.Rollout.Stages;
using Xunit;

namespace ProbeNet.Collector.Tests.Rollout;

public sealed class StrataTests
{
    [Fact]
    public void One_stratum_is_Fishers_exact_test()
    {
        // Fisher's tea: 3 of 4 named rightly, one-sided 17/70.
        Assert.Equal(17.0 / 70, Strata.Counts([(4, 3, 4, 1)]), 9);
        Assert.Equal(1.0 / 70, Strata.Counts([(4, 4, 4, 0)]), 9);
        Assert.Equal(1, Strata.Counts([(4, 0, 4, 4)]), 9);
    }

    [Fact]
    public void Strata_add_up_and_one_without_a_comparison_says_nothing()
    {
        // Two tables of one against one: both marked among the first is a quarter.
        Assert.Equal(0.25, Strata.Counts([(1, 1, 1, 0), (1, 1, 1, 0)]), 9);
        Assert.Equal(0.25, Strata.Counts([(1, 1, 1, 0), (1, 1, 1, 0), (5, 5, 0, 0)]), 9);
        Assert.Equal(1, Strata.Counts([]), 9);
    }

    [Fact]
    public void Ranks_of_one_stratum_are_Wilcoxons()
    {
        // n = 5 and 5, complete separation: z = 12.5 / sqrt(5*5*11/12) = 2.6112.
        Assert.Equal(0.004511, Strata.Ranks([([6, 7, 8, 9, 10], [1, 2, 3, 4, 5])]), 4);
        Assert.Equal(0.5, Strata.Ranks([([1, 2], [1, 2])]), 9);
        Assert.Equal(1, Strata.Ranks([([1, 1], [1, 1])]), 9);
    }

    [Fact]
    public void A_difference_between_providers_is_none_between_lists()
    {
        // Nearly all of the new list sits behind the slow provider; within each nothing differs.
        double[] slow = [.. Enumerable.Range(0, 40).Select(i => 100.0 + i)];
        double[] fast = [.. Enumerable.Range(0, 40).Select(i => 1.0 + i)];
        Assert.InRange(Strata.Ranks([([.. slow.Where((_, i) => i % 4 != 0)], [.. slow.Where((_, i) => i % 4 == 0)]), ([.. fast.Where((_, i) => i % 10 == 0)], [.. fast.Where((_, i) => i % 10 != 0)])]), 0.2, 0.8);
    }

    [Fact]
    public void Tails_are_right_far_out()
    {
        // 60 against 60, complete separation: z = 9.449, 1.7e-21.
        var p = Strata.Ranks([([.. Enumerable.Range(60, 60).Select(i => (double)i)], [.. Enumerable.Range(0, 60).Select(i => (double)i)])]);
        Assert.InRange(p, 1e-21, 3e-21);
    }
}
