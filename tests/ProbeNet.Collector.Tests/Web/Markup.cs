using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>What stands between a page's banner and its footer, as a tree; forms are left out.</summary>
static partial class Markup
{
    public static async Task<XElement> MainAsync(WebGround web, string path, string? key = null, string language = "en")
    {
        using var response = await web.GetAsync(path, key, ("Accept-Language", language));
        var page = await response.Content.ReadAsStringAsync(WebGround.Ct);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode} {page}");
        Assert.Contains("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        // Scripts are files of ours; none stands in a page.
        Assert.DoesNotContain(Scripts().Matches(page), script => !script.Value.StartsWith("<script src=\"/assets/", StringComparison.Ordinal) || !script.Value.EndsWith("\" defer></script>", StringComparison.Ordinal));
        Assert.DoesNotContain(" style=", page, StringComparison.OrdinalIgnoreCase);
        return XElement.Parse(Forms().Replace(page[page.IndexOf("<main", StringComparison.Ordinal)..(page.IndexOf("</main>", StringComparison.Ordinal) + 7)], ""));
    }

    public static string Text(this XElement element) => Spaces().Replace(element.Value, " ").Trim();

    public static string? Css(this XElement element) => (string?)element.Attribute("class");

    /// <summary>The section that a heading begins, to the next.</summary>
    public static XElement Section(XElement main, string heading)
    {
        var head = main.Elements("h2").Single(h => h.Text() == heading);
        return new("section", head.ElementsAfterSelf().TakeWhile(e => e.Name != "h2"));
    }

    public static XElement[] Rows(XElement table) => [.. table.Element("tbody")!.Elements("tr")];

    [GeneratedRegex("<script.*?(</script>|$)", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 5000)]
    private static partial Regex Scripts();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Forms();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Spaces();
}
