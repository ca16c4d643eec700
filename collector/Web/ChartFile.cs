using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ProbeNet.Collector.Web;

/// <summary>A chart as a file of its own: SVG that holds its colours, and what it shows, of when, by which licence.</summary>
static partial class ChartFile
{
    const int Margin = 16;
    const int Line = 20;

    /// <summary>The style sheet's rules for charts with the colours of the light theme put in.</summary>
    static readonly string Style = StyleOf(Encoding.UTF8.GetString(Assets.Read("site.css")));

    // The file may hold this one style and nothing else.
    static readonly string Policy = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'";

    /// <param name="above">Title first.</param>
    /// <param name="below">Licence and where it is from.</param>
    public static IResult Of(Drawing chart, IReadOnlyList<string> above, IReadOnlyList<string> below, Reader reader, HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        var top = Margin + (above.Count * Line) + Margin;
        var (width, height) = (chart.Width + (2 * Margin), top + chart.Height + Margin + (below.Count * Line) + Margin);
        return Results.Content(Html.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" lang="{reader.Language.Code}" role="img">
            <title>{above[0]}</title><style>{StyleMarkup}</style>
            <rect class="page" width="{width}" height="{height}"/>
            {above.Select((text, i) => Html.Of($"""<text class="{(i == 0 ? "title" : "note")}" x="{Margin}" y="{Margin + ((i + 1) * Line) - 6}">{text}</text>"""))}
            <g transform="translate({Margin} {top})">{chart.Content}</g>
            {below.Select((text, i) => Html.Of($"""<text class="note" x="{Margin}" y="{top + chart.Height + Margin + ((i + 1) * Line) - 6}">{text}</text>"""))}
            </svg>

            """).ToString(), "image/svg+xml; charset=utf-8");
    }

    /// <summary>Under a chart: the file as SVG, and with a script as PNG.</summary>
    /// <param name="name">Of the file, without its ending.</param>
    public static Html Link(string address, string name, Reader reader) => Html.Of($"""
        <p class="links">{reader.Say("The chart as a file:")} <a class="chart-file" href="{reader.To(address)}" download="{name}.svg" data-png="{reader.Say("Save as PNG")}">SVG</a></p>
        """);

    // Made of our own style sheet; it holds nothing that would have to be escaped.
    static Html StyleMarkup
    {
        get
        {
            var markup = new Html(Style.Length, 0);
            markup.AppendLiteral(Style);
            return markup;
        }
    }

    static string StyleOf(string sheet)
    {
        var colours = Colour().Matches(sheet[..sheet.IndexOf('}', StringComparison.Ordinal)]).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);
        var rules = string.Join('\n', Rule().Matches(sheet[..sheet.IndexOf("@media print", StringComparison.Ordinal)]).Select(match => match.Groups["rule"].Value)).Replace(".chart ", "", StringComparison.Ordinal);
        var text = rules + "\nsvg .page { fill: var(--page); }\nsvg .title { font-size: 1.1rem; font-weight: 700; }\nsvg .note { fill: var(--quiet); }";
        return Variable().Replace(text, match => colours[match.Groups["name"].Value]);
    }

    [GeneratedRegex(@"(?<name>--[a-z0-9-]+): (?<value>#[0-9a-f]{6})", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Colour();

    [GeneratedRegex(@"\.chart (?<rule>[^{}]+\{[^{}]*\})", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Rule();

    [GeneratedRegex(@"var\((?<name>--[a-z0-9-]+)\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Variable();
}
