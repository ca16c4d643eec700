using ProbeNet.Collector.Fleet.Lists;
using Xunit;

namespace ProbeNet.Collector.Tests.Fleet;

/// <summary>The Citizen Lab's own lists, where they are beside the repository; they are never part of it.</summary>
static class CitizenLabLists
{
    /// <summary>The file's text. Skips the test where it is not here.</summary>
    internal static string Text(string name)
    {
        var path = Environment.GetEnvironmentVariable("PROBENET_TEST_LISTS") is { Length: > 0 } directory ? Path.Combine(directory, name) : Find(name);
        Assert.SkipWhen(path is null, "The Citizen Lab's lists are not here: set PROBENET_TEST_LISTS to their directory.");
        return File.ReadAllText(path!);
    }

    internal static ListDraft Draft(string text)
    {
        var outcome = CitizenLabCsv.Read(new StringReader(text));
        Assert.Empty(outcome.Errors);
        var draft = new ListDraft(new() { Name = "kh", Licence = outcome.Terms.Licence, Attribution = outcome.Terms.Attribution }, new());
        draft.List.Entries.AddRange(outcome.Entries.Select(one => one.Entry));
        draft.Origins.Entries.AddRange(outcome.Entries.Select(one => one.Origin));
        return draft;
    }

    static string? Find(string name)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "shared", "data", "test-lists", name);
            if (File.Exists(path))
                return path;
        }
        return null;
    }
}
