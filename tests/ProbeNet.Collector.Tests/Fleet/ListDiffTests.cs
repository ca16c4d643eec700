using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Service.Commands;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Fleet;

public sealed class ListDiffTests
{
    [Fact]
    public void A_diff_says_what_comes_goes_and_changes()
    {
        var before = new TestList { Version = 3, References = { "https://r.example/" }, Entries = { Entry("http://a.example/", "NEWS"), Entry("https://b.example/", "NEWS"), Entry("https://c.example/", "GOVT") } };
        var after = new TestList { Licence = "CC0", References = { "https://s.example/" }, Entries = { Entry("https://www.a.example/", "NEWS"), Entry("https://b.example/", "LGBT"), Entry("https://d.example/", "ENV") } };
        after.Entries[1].CadenceHours = 48;
        var text = new StringWriter { NewLine = "\n" };
        ListDiffText.Write(text, ListDiff.Of(before, after));

        Assert.Equal(
            """
            + https://www.a.example/ NEWS (instead of http://a.example/)
            + https://d.example/ ENV
            - http://a.example/ NEWS (now https://www.a.example/)
            - https://c.example/ GOVT
            ~ https://b.example/ LGBT (category NEWS → LGBT, cadence none → 48 h)
            ~ licence none → CC0
            ~ references 1 → 1, others
            Measured only by volunteers who choose them: LGBT
            2 added, 2 removed, 1 changed; 3 entries (against version 3).

            """, text.ToString());
    }

    [Fact]
    public void The_same_list_again_changes_nothing()
    {
        var list = new TestList { Version = 1, Entries = { Entry("https://a.example/", "NEWS") } };
        var diff = ListDiff.Of(list, list.Clone());
        Assert.Equal((0, 0, 0, 0), (diff.Added.Count, diff.Removed.Count, diff.Changed.Count, diff.Settings.Count));
    }

    static ListEntry Entry(string input, string category) => new() { Input = input, CategoryCode = category };
}
