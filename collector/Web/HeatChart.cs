using System.Globalization;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>A box for each pair of values, the darker the greater the share that is blocked; dotted where nothing can be said.</summary>
static class HeatChart
{
    const int Labels = 220;
    const int Head = 150;
    const int Box = 26;
    const int Shades = 4;

    public static int Shade(AggregationRow row) => row.Decided == 0 ? 0 : (int)Math.Ceiling((double)Shades * row.Blocked / row.Decided);

    public static Drawing Draw(AggregationView view, Func<long, string?> nameOf) => new(Html.Of($"""
        {view.Xs.Select((x, column) => Html.Of($"""<text class="axis" transform="translate({Labels + (column * Box) + 17} {Head - 6}) rotate(-60)">{Label(view.AxisX, x, 22, nameOf)}</text>"""))}
        {view.Ys.Select((y, row) => Html.Of($"""<text class="lane" x="0" y="{Head + (row * Box) + 18}">{Label(view.AxisY, y, 28, nameOf)}</text>"""))}
        {view.Rows.Select((row, i) => Square(row, i / view.Ys.Count, i % view.Ys.Count))}
        """), Math.Max(600, Labels + (view.Xs.Count * Box) + 80), Head + (view.Ys.Count * Box) + 8);

    public static string Named(string axis, string value, Func<long, string?> nameOf) =>
        AsnOf(axis, value) is { } asn ? IspName.Of(asn, nameOf(asn)) : value.Length == 0 ? "–" : value;

    static Html Square(AggregationRow row, int column, int line)
    {
        var (x, y) = (Labels + (column * Box), Head + (line * Box));
        return row.Decided == 0
            ? Html.Of($"""<rect class="insufficient" x="{x + 1}" y="{y + 1}" width="{Box - 2}" height="{Box - 2}"/>""")
            : Html.Of($"""<rect class="shade{Shade(row)}" x="{x + 1}" y="{y + 1}" width="{Box - 2}" height="{Box - 2}"/><text class="share shade{Shade(row)}" x="{x + (Box / 2)}" y="{y + 17}" text-anchor="middle">{100 * row.Blocked / row.Decided}</text>""");
    }

    // The number beside a name is left to the table: names that begin alike must not end alike.
    static string Label(string axis, string value, int most, Func<long, string?> nameOf)
    {
        var label = AsnOf(axis, value) is { } asn ? IspName.Short(asn, nameOf(asn)) : Named(axis, value, nameOf);
        return label.Length <= most ? label : string.Concat(label.AsSpan(0, most - 1), "…");
    }

    static long? AsnOf(string axis, string value) =>
        axis is "asn" or "resolver_asn" && value.Length > 2 && long.TryParse(value.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var asn) ? asn : null;
}
