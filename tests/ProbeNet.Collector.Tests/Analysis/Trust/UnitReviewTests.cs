using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Trust;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Trust;

public sealed class UnitReviewTests
{
    static readonly CanarySet Known = new(CanarySet.Read(new StringReader("target,answer\nopen.example,open\nDead.example,dead\n"), "canaries.csv").ToDictionary(StringComparer.Ordinal));

    static UnitSaying Says(int unit, string target, int interference, int reached) =>
        new("KH", 64501, target, new([(byte)unit]), new([(byte)(100 + unit)]), interference, interference + reached, reached);

    static UnitReview Of(int unit, params UnitSaying[] sayings) => UnitReviews.Of(sayings, Known.Answers).Single(r => r.Unit == new UnitTag([(byte)unit]));

    [Fact]
    public void Who_reaches_what_nobody_can_reach_is_set_aside()
    {
        Assert.Equal(Trustworthiness.SetAside, Of(1, Says(1, "dead.example", 2, 1)).Result);
        Assert.Equal(Trustworthiness.Trusted, Of(1, Says(1, "dead.example", 3, 0)).Result);
    }

    [Fact]
    public void Who_sees_an_open_canary_blocked_is_set_aside_only_where_two_others_reach_it()
    {
        Assert.Equal(Trustworthiness.SetAside, Of(1, Says(1, "open.example", 3, 0), Says(2, "open.example", 0, 3), Says(3, "open.example", 0, 3)).Result);
        Assert.Equal(Trustworthiness.Trusted, Of(1, Says(1, "open.example", 3, 0), Says(2, "open.example", 0, 3), Says(3, "open.example", 3, 0)).Result);
        Assert.Equal(Trustworthiness.Trusted, Of(1, Says(1, "open.example", 2, 0), Says(2, "open.example", 0, 3), Says(3, "open.example", 0, 3)).Result);
    }

    [Fact]
    public void Who_disagrees_with_two_others_in_many_cells_is_doubted()
    {
        UnitSaying[] Cells(int against) =>
        [
            .. Enumerable.Range(0, 20).SelectMany(i => new[] { Says(1, $"{i}.example", i < against ? 3 : 0, i < against ? 0 : 3), Says(2, $"{i}.example", 0, 3), Says(3, $"{i}.example", 0, 3) }),
        ];
        Assert.Equal((Trustworthiness.Doubtful, "it disagrees in 5 of 20 cells with two groups or more that agree"), (Of(1, Cells(5)).Result, Of(1, Cells(5)).Reason));
        Assert.Equal(Trustworthiness.Trusted, Of(1, Cells(4)).Result);
        Assert.Equal(Trustworthiness.Trusted, Of(2, Cells(20)).Result);
    }
}
