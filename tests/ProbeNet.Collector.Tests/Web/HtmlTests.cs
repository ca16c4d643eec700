using ProbeNet.Collector.Web;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

public sealed class HtmlTests
{
    [Fact]
    public void What_is_put_in_is_text_and_never_markup()
    {
        const string hostile = "<script>\"&'";
        var markup = Html.Of($"<p title=\"{hostile}\">{hostile}</p>").ToString();
        Assert.Equal("<p title=\"&lt;script&gt;&quot;&amp;&#x27;\">&lt;script&gt;&quot;&amp;&#x27;</p>", markup);
    }

    [Fact]
    public void Markup_inside_markup_stays() =>
        Assert.Equal("<ul><li>1</li><li>ភាសា</li></ul>", Html.Of($"<ul>{new[] { Html.Of($"<li>{1}</li>"), Html.Of($"<li>{"ភាសា"}</li>") }}</ul>").ToString());
}
