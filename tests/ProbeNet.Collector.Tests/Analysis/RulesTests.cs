using System.Text.RegularExpressions;
using ProbeNet.Collector.Analysis.Findings;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class RulesTests
{
    [Fact]
    public void Every_rule_has_an_identifier_of_its_own()
    {
        Assert.Equal(Rules.All.Count, Rules.All.Select(r => r.Id).Distinct().Count());
        Assert.All(Rules.All, r => Assert.Matches(new Regex("^[a-z]+\\.[a-z_]+$", RegexOptions.None, TimeSpan.FromSeconds(1)), r.Id));
        var declared = typeof(Rules).GetFields().Where(f => f.FieldType == typeof(Rule)).Select(f => (Rule)f.GetValue(null)!);
        Assert.Equal(declared.Select(r => r.Id).Order(), Rules.All.Select(r => r.Id).Order());
    }

    [Fact]
    public void The_folders_README_says_what_the_rules_say()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ProbeNet.sln")))
            directory = directory.Parent!;
        var readme = File.ReadAllText(Path.Combine(directory.FullName, "collector", "Analysis", "README.md"));
        Assert.All(Rules.All, r => Assert.Contains($"| `{r.Id}` | {r.Condition} |", readme, StringComparison.Ordinal));
        Assert.Equal(Rules.All.Count, readme.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }
}
