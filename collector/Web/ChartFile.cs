using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ProbeNet.Collector.Web;

/// <summary>A chart as a file of its own: SVG that holds its colours, and what it shows, of when, by which licence.</summary>
static partial class ChartFile
{
    const int Margin = 16;
    const int Line = 20;

    // The file has the fonts of whoever opens it, so nothing here can measure: a letter is taken as wide as a wide one.
    const double TitleLetter = 10.5, NoteLetter = 7.6;

    /// <summary>The style sheet's rules for charts with the colours of the light theme put in.</summary>
    static readonly string Style = StyleOf(Encoding.UTF8.GetString(Assets.Read(Assets.Folder + "site.css")));

    // The file may hold this one style and nothing else.
    static readonly string Policy = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'";

    /// <param name="above">Title first.</param>
    /// <param name="below">Licence and where it is from.</param>
    public static IResult Of(Drawing chart, IReadOnlyList<string> above, IReadOnlyList<string> below, Reader reader, HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        var (title, notes) = (Lines(above.Take(1), chart.Width / TitleLetter), Lines(above.Skip(1), chart.Width / NoteLetter));
        var last = Lines(below, chart.Width / NoteLetter);
        var top = Margin + ((title.Length + notes.Length) * Line) + Margin;
        var (width, height) = (chart.Width + (2 * Margin), top + chart.Height + Margin + (last.Length * Line) + Margin);
        return Results.Content(Html.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" lang="{reader.Language.Code}" role="img">
            <title>{above[0]}</title><style>{StyleMarkup}</style>
            <rect class="page" width="{width}" height="{height}"/>
            {Texts("title", title, Margin)}{Texts("note", notes, Margin + (title.Length * Line))}
            <g transform="translate({Margin} {top})">{chart.Content}</g>
            {Texts("note", last, top + chart.Height + Margin)}
            </svg>

            """).ToString(), "image/svg+xml; charset=utf-8");
    }

    /// <summary>Under a chart: the file as SVG, and with a script as PNG.</summary>
    /// <param name="name">Of the file, without its ending.</param>
    public static Html Link(string address, string name, Reader reader) => Html.Of($"""
        <p class="links">{reader.Say("The chart as a file:")} <a class="chart-file" href="{reader.To(address)}" download="{name}.svg" data-png="{reader.Say("Save as PNG")}">SVG</a></p>
        """);

    /// <summary>Texts as lines of so many letters at most: broken at spaces, and inside a word where one is longer than a line.</summary>
    public static string[] Lines(IEnumerable<string> texts, double letters)
    {
        var lines = new List<string>();
        foreach (var text in texts)
        {
            lines.Add("");
            foreach (var word in text.Split(' ').SelectMany(word => Pieces(word, (int)letters)))
                if (lines[^1].Length == 0)
                    lines[^1] = word;
                else if (lines[^1].Length + 1 + word.Length <= (int)letters)
                    lines[^1] += " " + word;
                else
                    lines.Add(word);
        }
        return [.. lines];
    }

    static IEnumerable<string> Pieces(string word, int letters)
    {
        while (word.Length > letters)
        {
            // Not between a letter and the signs that stand on it.
            var end = StringInfo.ParseCombiningCharacters(word).Last(start => start <= letters);
            yield return word[..end];
            word = word[end..];
        }
        yield return word;
    }

    static IEnumerable<Html> Texts(string css, string[] lines, int top) =>
        lines.Select((text, i) => Html.Of($"""<text class="{css}" x="{Margin}" y="{top + ((i + 1) * Line) - 6}">{text}</text>"""));

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
