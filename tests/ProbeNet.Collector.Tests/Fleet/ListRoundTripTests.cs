using ProbeNet.Collector.Fleet.Lists;
using Xunit;

namespace ProbeNet.Collector.Tests.Fleet;

/// <summary>What goes in comes out.</summary>
public sealed class ListRoundTripTests
{
    [Theory]
    [InlineData("kh.csv")]
    [InlineData("global.csv")]
    public void The_Citizen_Labs_lists_come_out_byte_for_byte(string name)
    {
        var text = CitizenLabLists.Text(name);
        Assert.Equal(text, Written(CitizenLabLists.Draft(text)));
    }

    [Fact]
    public void Terms_our_own_columns_and_quotes_come_out_as_they_went_in()
    {
        const string Text =
            "# licence: CC BY-NC-SA 4.0\n# attribution: Invented Lab, 2026\nurl,category_code,category_description,date_added,source,notes,priority,page,cadence\n"
            + "https://a.example/,NEWS,News,2026-01-01,us,\"with, a comma and a \"\"quote\"\"\",yes,,6h\nhttps://b.example/x,HUMR,,,,   ,,yes,7d\n";
        var draft = CitizenLabLists.Draft(Text);
        Assert.Equal(("CC BY-NC-SA 4.0", "Invented Lab, 2026"), (draft.List.Licence, draft.List.Attribution));
        Assert.Equal([6u, 168u], draft.List.Entries.Select(entry => entry.CadenceHours));
        Assert.Equal(Text, Written(draft));
    }

    static string Written(ListDraft draft)
    {
        var text = new StringWriter();
        ListCsv.Write(text, draft);
        return text.ToString();
    }
}
