using ProbeNet.Collector.Analysis.Findings;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class QualityCaseTests
{
    public static IEnumerable<TheoryDataRow<string>> Names => QualityCases.All().Select(one => new TheoryDataRow<string>(one.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_is_decided_as_it_is(string name)
    {
        var one = QualityCases.All().Single(c => c.Name == name);
        var finding = one.Seen.Against(one.Controls);
        var found = $"{finding.Outcome} {string.Join(' ', finding.Mechanisms.Select(m => m.Name))} by {string.Join(", ", finding.Rules)}";
        Assert.True(one.Outcome == finding.Outcome, found);
        if (one.Mechanism.Length > 0)
            Assert.True(finding.Mechanisms.Any(m => m.Name == one.Mechanism), found);
        else
            Assert.True(finding.Mechanisms.Count == 0, found);
        Assert.Equal((Evidences.Scored, Rules.Version), (finding.Evidence, finding.RulesVersion));
        Assert.NotEmpty(finding.Controls);
    }

    [Fact]
    public void There_are_fifty_of_them() => Assert.Equal(50, QualityCases.All().Select(one => one.Name).Distinct().Count());
}
