using System.Text;
using ProbeNet.Collector.Fleet.Lists;
using Xunit;

namespace ProbeNet.Collector.Tests.Fleet;

public sealed class CitizenLabCsvTests
{
    const string Header = "url,category_code,category_description,date_added,source,notes\n";

    [Fact]
    public void Lines_become_entries()
    {
        var outcome = Read(Header + "https://news.example/,NEWS,News Media,2026-01-01,invented,\"with, a comma\"\nhttp://ខ្មែរ.example/page,humr,,,,\n");
        Assert.Empty(outcome.Errors);
        Assert.Equal([("https://news.example/", "NEWS"), ("http://ខ្មែរ.example/page", "HUMR")], outcome.Entries.Select(one => (one.Entry.Input, one.Entry.CategoryCode)));
    }

    [Fact]
    public void Columns_of_our_own_are_read_where_they_stand()
    {
        var outcome = Read("page,url,category_code,priority\nyes,https://a.example/x,NEWS,no\n,https://b.example/,NEWS,1\n");
        Assert.Equal([(true, false), (false, true)], outcome.Entries.Select(one => (one.Entry.Page, one.Entry.Priority)));
    }

    [Theory]
    [InlineData("url;category_code\nhttps://a.example/;NEWS\n", "line 1, column 1: the column url is missing")]
    [InlineData("url,category\nhttps://a.example/,NEWS\n", "line 1, column 2: the column category_code is missing")]
    [InlineData("url,category_code\nhttps://a.example/,NEWS\nhttps://b.example/\n", "line 3, column 2: 2 columns expected, 1 found")]
    [InlineData("url,category_code\nhttps://a.example/,NEWS,more\n", "line 2, column 3: 2 columns expected, 3 found")]
    [InlineData("url,category_code\nnews.example,NEWS\n", "line 2, column 1: 'news.example' is not an http or https URL")]
    [InlineData("url,category_code\nftp://a.example/,NEWS\n", "line 2, column 1: 'ftp://a.example/' is not an http or https URL")]
    [InlineData("url,category_code\nhttps://me:secret@a.example/,NEWS\n", "line 2, column 1: 'https://me:secret@a.example/' has no usable host name")]
    [InlineData("url,category_code\nhttps://a.example/,\n", "line 2, column 2: a category code such as NEWS is expected")]
    [InlineData("category_code,url,priority\nNEWS,https://a.example/,perhaps\n", "line 2, column 3: priority is yes or no, not 'perhaps'")]
    public void An_error_names_line_and_column(string text, string error) => Assert.Contains(error, Read(text).Errors.Select(problem => problem.ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("url,category_code\n\"https://a.example/,NEWS\n")]
    public void What_is_no_list_is_an_error(string text) => Assert.NotEmpty(Read(text).Errors);

    [Fact]
    public void A_repeated_url_is_left_out_and_named()
    {
        var outcome = Read("url,category_code\nhttps://a.example/,NEWS\nhttps://b.example/,NEWS\nhttps://a.example/,HUMR\n");
        Assert.Empty(outcome.Errors);
        Assert.Equal(2, outcome.Entries.Count);
        Assert.Equal("line 4, column 1: https://a.example/ stands on line 2 already", Assert.Single(outcome.Remarks).ToString());
    }

    [Fact]
    public void A_hundred_thousand_lines_are_read_and_the_last_is_named_when_it_is_wrong()
    {
        var text = new StringBuilder(Header);
        for (var line = 0; line < 100_000; line++)
            text.Append("https://site").Append(line).Append(".example/,NEWS,,,,\n");
        Assert.Equal(100_000, Read(text.ToString()).Entries.Count);
        Assert.Equal(100_002, Assert.Single(Read(text.Append("nothing,NEWS,,,,\n").ToString()).Errors).Line);
    }

    [Fact]
    public void Lines_before_the_header_count()
    {
        Assert.Contains("line 3, column 1: 'nowhere' is not an http or https URL", Read("# licence: CC0\nurl,category_code\nnowhere,NEWS\n").Errors.Select(problem => problem.ToString()));
        Assert.Equal(new("CC0", ""), Read("# licence: CC0\n# a remark\nurl,category_code\nhttps://a.example/,NEWS\n").Terms);
    }

    [Theory]
    [InlineData("0h")]
    [InlineData("31d")]
    [InlineData("4294967295d")]
    [InlineData("often")]
    public void What_is_no_cadence_is_an_error(string cadence) =>
        Assert.Contains(Read($"url,category_code,cadence\nhttps://a.example/,NEWS,{cadence}\n").Errors, error => error.Column == 3);

    static CsvOutcome Read(string text) => CitizenLabCsv.Read(new StringReader(text));
}
