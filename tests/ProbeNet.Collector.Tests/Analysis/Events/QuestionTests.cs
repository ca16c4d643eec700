using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>What is in doubt after a sight, and who is to look.</summary>
public sealed class QuestionTests
{
    readonly ChangeDetector _detector = new(Evidence.Baseline);
    DateTimeOffset _now = Streams.Start;

    public QuestionTests()
    {
        for (var round = 0; round < 6; round++)
            Look(1, 2, 3, 4);
    }

    [Fact]
    public void Nobody_is_asked_while_all_is_well() => Assert.Null(_detector.Question);

    [Fact]
    public void One_home_that_fails_asks_two_others_and_three_that_looked_decide()
    {
        var first = Fail(1);
        Assert.Equal((first, 2), (_detector.Question!.Since, _detector.Question.Wanted));
        Assert.Equal([Tag(1)], _detector.Question.Heard);
        Look(2);
        Assert.Equal(1, _detector.Question?.Wanted);
        Fail(1);
        Look(3);
        Assert.Null(_detector.Question);
    }

    [Fact]
    public void What_others_say_against_it_ends_the_question()
    {
        Fail(1);
        Look(2);
        Look(1);
        Look(1);
        Assert.Null(_detector.Question);
    }

    [Fact]
    public void A_home_with_a_filter_of_its_own_asks_nobody()
    {
        for (var round = 0; round < 30; round++)
        {
            Look(2, 3);
            Fail(4);
        }
        Assert.False(_detector.IsBlocked);
        Assert.Null(_detector.Question);
        // It is not asked for what others see either.
        Fail(1);
        Assert.Equal([Tag(1), Tag(4)], _detector.Question!.Heard);
        Assert.Equal(2, _detector.Question.Wanted);
    }

    [Fact]
    public void Two_hours_after_an_onset_three_are_asked_whether_it_lasts()
    {
        var onset = Fail(1);
        Fail(2);
        Fail(3);
        Assert.True(_detector.IsBlocked);
        Assert.Equal((onset.AddHours(2), OpenQuestion.Homes), (_detector.Question!.Since, _detector.Question.Wanted));
        _now = onset.AddHours(2);
        Fail(1);
        Fail(2);
        Assert.Equal(1, _detector.Question.Wanted);
        Fail(3);
        Assert.NotNull(Assert.Single(_detector.Changes).ConfirmedAt);
        Assert.Null(_detector.Question);
    }

    [Fact]
    public void A_home_that_reaches_it_again_asks_those_who_saw_the_block()
    {
        foreach (var _ in Enumerable.Range(0, 20))
        {
            Fail(1);
            Fail(2);
            Fail(3);
            Look(4);
        }
        Look(1);
        Assert.Equal((_now, 2), (_detector.Question!.Since, _detector.Question.Wanted));
        Assert.Equal([Tag(1), Tag(4)], _detector.Question.Heard);
    }

    static UnitTag Tag(byte home) => new([home]);

    void Look(params byte[] homes)
    {
        foreach (var home in homes)
            See(home, bad: false);
    }

    DateTimeOffset Fail(byte home) => See(home, bad: true);

    DateTimeOffset See(byte home, bool bad)
    {
        _now = _now.AddMinutes(10);
        _detector.Add(new(_now, Tag(home), bad, false));
        return _now;
    }
}
