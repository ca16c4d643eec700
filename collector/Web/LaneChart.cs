using System.Globalization;

namespace ProbeNet.Collector.Web;

/// <summary>
/// Lanes over time as SVG. Colours are classes of the style sheet, for the content policy forbids styles; whatever it shows stands in a table too,
/// so for a screen reader it is one picture with a sentence.
/// </summary>
sealed class LaneChart(DateTimeOffset from, DateTimeOffset to)
{
    const int Labels = 200;
    const int Width = 800;
    const int Lane = 30;
    const int Axis = 24;
    const int Pad = 4;
    const double FewestForGlyph = 14;
    const int MostTicks = 10;

    readonly List<Html> _lanes = [];

    public void Add(string label, IEnumerable<Html> marks)
    {
        var y = Axis + (_lanes.Count * Lane);
        _lanes.Add(Html.Of($"""
            <g transform="translate(0 {y})"><line class="rule" x1="0" x2="{Labels + Width}" y1="{Lane}" y2="{Lane}"/><text class="lane" x="0" y="20">{Short(label)}</text>{marks}</g>

            """));
    }

    /// <summary>A stretch in the colour and with the glyph of its state.</summary>
    public Html Band(DateTimeOffset since, DateTimeOffset until, string css, string glyph)
    {
        var (left, right) = (X(since), X(until));
        var width = Math.Max(1, right - left - 1);
        return width < FewestForGlyph
            ? Html.Of($"""<rect class="{css}" x="{left:0.#}" y="{Pad}" width="{width:0.#}" height="{Lane - (2 * Pad)}"/>""")
            : Html.Of($"""<rect class="{css}" x="{left:0.#}" y="{Pad}" width="{width:0.#}" height="{Lane - (2 * Pad)}"/><text class="mark {css}" x="{left + (width / 2):0.#}" y="20" text-anchor="middle">{glyph}</text>""");
    }

    /// <summary>From the last contrary sight to the first; without the former open to the left.</summary>
    public Html Bracket(DateTimeOffset? earliest, DateTimeOffset latest, string glyph)
    {
        var right = X(latest);
        var left = earliest is { } known ? X(known) : Labels;
        return Html.Of($"""<path class="bracket" d="M{left:0.#} 7V23M{left:0.#} 15H{right:0.#}M{right:0.#} 7V23"/><text class="mark" x="{right + 2:0.#}" y="20">{glyph}</text>""");
    }

    /// <summary>Values from 0 (the lane's foot) to 1 (its head).</summary>
    public Html Line(IEnumerable<(DateTimeOffset At, double Value)> values, string css) =>
        Html.Of($"""<polyline class="line {css}" points="{string.Join(' ', values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{X(v.At):0.#},{Lane - Pad - (Math.Clamp(v.Value, 0, 1) * (Lane - (2 * Pad))):0.#}")))}"/>""");

    public Drawing Draw()
    {
        var height = Axis + (_lanes.Count * Lane) + 2;
        return new(Html.Of($"""
            {Ticks(height)}
            {_lanes}
            """), Labels + Width + 20, height);
    }

    IEnumerable<Html> Ticks(int height)
    {
        var days = Math.Max(1, (int)Math.Ceiling((to - from).TotalDays));
        var step = Math.Max(1, (days + MostTicks - 1) / MostTicks);
        for (var day = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero); day < to; day = day.AddDays(step))
            if (day >= from)
                yield return Html.Of($"""<line class="tick" x1="{X(day):0.#}" x2="{X(day):0.#}" y1="{Axis - 6}" y2="{height - 2}"/><text class="axis" x="{X(day) + 2:0.#}" y="14">{day:MM-dd}</text>""");
    }

    double X(DateTimeOffset at) => Labels + (Math.Clamp((at - from) / (to - from), 0, 1) * Width);

    static string Short(string label) => label.Length <= 26 ? label : string.Concat(label.AsSpan(0, 25), "…");
}
