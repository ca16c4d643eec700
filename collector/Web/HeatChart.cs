using System.Globalization;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>A box for each pair of values, the darker the greater the share that is blocked; dotted where nothing can be said.</summary>
static class HeatChart
{
    const int Labels = 220;
    const int Head = 110;
    const int Box = 26;
    const int Shades = 4;

    public static int Shade(AggregationRow row) => row.Decided == 0 ? 0 : (int)Math.Ceiling((double)Shades * row.Blocked / row.Decided);

    public static Drawing Draw(AggregationView view, Func<long, string?> nameOf) => new(Html.Of($"""
        {view.Xs.Select((x, column) => Html.Of($"""<text class="axis" transform="translate({Labels + (column * Box) + 17} {Head - 6}) rotate(-60)">{Short(Named(view.AxisX, x, nameOf), 18)}</text>"""))}
        {view.Ys.Select((y, row) => Html.Of($"""<text class="lane" x="0" y="{Head + (row * Box) + 18}">{Short(Named(view.AxisY, y, nameOf), 28)}</text>"""))}
        {view.Rows.Select((row, i) => Square(row, i / view.Ys.Count, i % view.Ys.Count))}
        """), Math.Max(600, Labels + (view.Xs.Count * Box) + 80), Head + (view.Ys.Count * Box) + 8);

    public static string Named(string axis, string value, Func<long, string?> nameOf) =>
        axis is "asn" or "resolver_asn" && value.Length > 2 && long.TryParse(value.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var asn) ? IspName.Of(asn, nameOf(asn)) : value.Length == 0 ? "–" : value;

    static Html Square(AggregationRow row, int column, int line)
    {
        var (x, y) = (Labels + (column * Box), Head + (line * Box));
        return row.Decided == 0
            ? Html.Of($"""<rect class="insufficient" x="{x + 1}" y="{y + 1}" width="{Box - 2}" height="{Box - 2}"/>""")
            : Html.Of($"""<rect class="shade{Shade(row)}" x="{x + 1}" y="{y + 1}" width="{Box - 2}" height="{Box - 2}"/><text class="share shade{Shade(row)}" x="{x + (Box / 2)}" y="{y + 17}" text-anchor="middle">{100 * row.Blocked / row.Decided}</text>""");
    }

    static string Short(string label, int most) => label.Length <= most ? label : string.Concat(label.AsSpan(0, most - 1), "…");
}
