using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Two axes of the reader's choice: the share that is blocked in shades, and the same as a table.</summary>
static class ExplorePage
{
    const int MostInChart = 60;

    // In English, for Reader.Say.
    static readonly Dictionary<string, string> AxisNames = new(StringComparer.Ordinal)
    {
        ["time"] = "Time",
        ["cc"] = "Country",
        ["asn"] = "Provider",
        ["domain"] = "Site",
        ["category_code"] = "Category",
        ["mechanism"] = "Mechanism",
        ["state"] = "State",
        ["access"] = "Access",
        ["agent_version"] = "Version of the agent",
        ["resolver_asn"] = "Network of the resolver",
    };

    static readonly (string Grain, string Words)[] Grains = [("day", "by day"), ("week", "by week"), ("month", "by month")];

    public static IEnumerable<string> Texts => AxisNames.Values.Concat(Grains.Select(grain => grain.Words));

    /// <param name="document">Ends the page.</param>
    public static Html Content(AggregationView view, Filter filter, IReadOnlyList<string> countries, Func<long, string?> nameOf, Html document, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Explore")}</h1>
        <p>{reader.Say("Days {0} (UTC).", BracketText.Days(view.Since, view.Until, reader))} {reader.Say("Counted are cells of single days: a site at a provider on a day. Each is judged by that day alone.")}</p>
        {FilterForm.Of("/explore", reader,
            FilterForm.Choice("axis_x", reader.Say("Columns"), AggregationReading.AxesFor(reader.Caller).Select(axis => (axis, reader.Say(AxisNames[axis]))), view.AxisX),
            FilterForm.Choice("axis_y", reader.Say("Rows"), AggregationReading.AxesFor(reader.Caller).Select(axis => (axis, reader.Say(AxisNames[axis]))), view.AxisY),
            FilterForm.Choice("grain", reader.Say("Time"), Grains.Select(grain => (grain.Grain, reader.Say(grain.Words))), view.Grain ?? "day"),
            FilterForm.Choice("cc", reader.Say("Country"), countries.Select(cc => (cc, cc)).Prepend(("", reader.Say("all"))), filter.Cc ?? ""),
            FilterForm.Text("domain", reader.Say("Site"), filter.Domain, 16, reader.Say("all")),
            FilterForm.Text("asn", reader.Say("Provider (AS number)"), filter.Asn?.ToString(CultureInfo.InvariantCulture), 8, reader.Say("all")),
            FilterForm.Text("category_code", reader.Say("Category"), filter.CategoryCode, 6, reader.Say("all")),
            FilterForm.Text("mechanism", reader.Say("Mechanism"), filter.Mechanism, 10, reader.Say("all")),
            FilterForm.Days(filter.Since, filter.Until, reader))}
        {(view.Rows.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("There is nothing to show: no cell passes the filter. Widen it.")} {reader.Say("This does not mean that nothing is blocked.")}</p>""")
            : Found(view, nameOf, reader))}
        {document}
        """);

    public static string Summary(AggregationView view, Reader reader) => reader.Say("{0} by {1}: of {2} cells {3} have enough data; {4} of those are blocked or likely so.",
        reader.Say(AxisNames[view.AxisX]), reader.Say(AxisNames[view.AxisY]), view.Rows.Sum(row => row.Cells), view.Rows.Sum(row => row.Decided), view.Rows.Sum(row => row.Blocked));

    static Html Found(AggregationView view, Func<long, string?> nameOf, Reader reader)
    {
        var summary = Summary(view, reader);
        return Html.Of($"""
            {(view.Xs.Count <= MostInChart && view.Ys.Count <= MostInChart
                ? Html.Of($"""{HeatChart.Draw(view, nameOf).InPage(summary)}{ChartFile.Link("/explore.svg" + reader.DataQuery, "explore", reader)}""")
                : Html.Of($"""<p>{reader.Say("Too many values for a picture; the table has all of them.")}</p>"""))}
            <div class="scroll" role="region" aria-label="{summary}" tabindex="0">
            <table class="matrix similarity"><caption>{reader.Say("Blocked or likely so, of cells with enough data; below, of all cells")}</caption>
            <thead><tr><th scope="col">{reader.Say(AxisNames[view.AxisY])}</th>{view.Xs.Select(x => Html.Of($"""<th scope="col">{Named(view.AxisX, x, nameOf, reader)}</th>"""))}</tr></thead><tbody>
            {view.Ys.Select((y, row) => Html.Of($"""
                <tr><th scope="row">{Named(view.AxisY, y, nameOf, reader)}</th>{view.Xs.Select((_, column) => Cell(view.Rows[(column * view.Ys.Count) + row], reader))}</tr>

                """))}
            </tbody></table></div>
            <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/aggregation{reader.DataQuery}">JSON</a>.</p>
            """);
    }

    static Html Cell(AggregationRow row, Reader reader) => row.Decided == 0
        ? Html.Of($"""<td class="insufficient plain"><span class="glyph" aria-hidden="true">–</span><span class="detail">{(row.Cells == 0 ? reader.Say("no cell") : reader.Say("not enough data"))}</span></td>""")
        : Html.Of($"""<td class="plain shade{HeatChart.Shade(row)}"><span class="word">{reader.Say("{0} of {1}", row.Blocked, row.Decided)}</span><span class="detail">{reader.Say("of {0} cells", row.Cells)}</span></td>""");

    static string Named(string axis, string value, Func<long, string?> nameOf, Reader reader) => axis switch
    {
        "asn" or "resolver_asn" when value.Length > 0 => HeatChart.Named(axis, value, nameOf),
        "state" when CellStates.TryParse(value, out var state) => reader.Say(StateLook.Of(state).Words),
        _ when value.Length == 0 => reader.Say("none"),
        _ => value,
    };
}
