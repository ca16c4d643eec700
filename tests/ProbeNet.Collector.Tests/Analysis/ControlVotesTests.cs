using ProbeNet.Collector.Analysis.Controls;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class ControlVotesTests
{
    // What a network's sights said, the nearest first: + worked, - failed.
    [Theory]
    [InlineData("+++", "+++", "Works")]
    [InlineData("+-+", "++-", "Works")]
    [InlineData("---", "--+", "Fails")]
    // What worked an hour ago and does not any more: a site that has just gone down is not blocked.
    [InlineData("-++", "-++", "None")]
    [InlineData("-++", "+++", "None")]
    // It has just come back.
    [InlineData("+--", "+--", "None")]
    // Beyond the third nothing counts.
    [InlineData("+++---", "+++---", "Works")]
    public void A_network_whose_nearest_sight_says_otherwise_has_no_vote(string nearest, string second, string verdict)
    {
        var votes = new ControlVotes();
        foreach (var works in nearest)
            votes.Add("thing", "AS1", works == '+');
        foreach (var works in second)
            votes.Add("thing", "AS2", works == '+');
        Assert.Equal(verdict, votes.Of("thing").ToString());
    }
}
