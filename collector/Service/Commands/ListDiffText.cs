using ProbeNet.Collector.Fleet.Lists;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>A diff for people: a line an input with its sign, then what matters before a release.</summary>
static class ListDiffText
{
    public static void Write(TextWriter output, ListDiff diff)
    {
        foreach (var (sign, changes) in new[] { ('+', diff.Added), ('-', diff.Removed), ('~', diff.Changed) })
        {
            foreach (var change in changes)
                output.WriteLine($"{sign} {change.Input} {change.CategoryCode}{(change.What.Length > 0 ? $" ({change.What})" : "")}");
        }
        foreach (var setting in diff.Settings)
            output.WriteLine($"~ {setting}");
        if (diff.OptIns.Count > 0)
            output.WriteLine($"Measured only by volunteers who choose them: {string.Join(' ', diff.OptIns)}");
        var against = diff.Against == 0 ? "nothing was released yet" : $"against version {diff.Against}";
        output.WriteLine($"{diff.Added.Count} added, {diff.Removed.Count} removed, {diff.Changed.Count} changed; {diff.Entries} entries ({against}).");
    }
}
