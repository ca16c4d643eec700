using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace ProbeNet.Collector.Web;

/// <summary>
/// Markup. Made only from interpolated strings: what stands in the code is markup, what is put in is text and is escaped,
/// unless it is markup itself. Attribute values must stand in double quotes.
/// </summary>
[InterpolatedStringHandler]
sealed class Html(int literalLength, int formattedCount)
{
    // Khmer and other scripts stay readable in the source.
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    public static Html Nothing { get; } = new(0, 0);

    /// <summary>Lets a raw string literal be markup.</summary>
    public static Html Of(Html markup) => markup;

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(Html? markup) => _text.Append(markup?._text);

    public void AppendFormatted(IEnumerable<Html> markup)
    {
        foreach (var part in markup)
            _text.Append(part._text);
    }

    public void AppendFormatted(string? text) => _text.Append(text is null ? "" : Encoder.Encode(text));

    public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public async Task WriteAsync(TextWriter text)
    {
        foreach (var chunk in _text.GetChunks())
            await text.WriteAsync(chunk);
    }

    public override string ToString() => _text.ToString();
}
