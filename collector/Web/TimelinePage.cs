using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>One site at every provider of a country, day by day.</summary>
static class TimelinePage
{
    /// <param name="document">Ends the page.</param>
    public static Html Content(TimelineView view, Filter filter, int minimumUnits, Html document, Reader reader)
    {
        var own = view.Events.Where(e => e.Cc == view.Cc).ToList();
        return Html.Of($"""
            <p>{reader.Link("/matrix?cc=" + view.Cc, reader.Say("← Matrix of {0}", view.Cc))}</p>
            <h1>{view.Domain} <span class="cc">{view.Cc}</span></h1>
            <p>{reader.Say("Days {0} (UTC).", BracketText.Days(view.Since, view.Until, reader))} {Count(view, reader)}</p>
            {FilterForm.Of($"/cells/{view.Cc}/{Uri.EscapeDataString(view.Domain)}", reader, FilterForm.Days(filter.Since, filter.Until, reader))}
            {(view.Lanes.Count == 0
                ? Html.Of($"""<p class="empty" role="status">{reader.Say("No provider of {0} was ever measured from. This does not mean that nothing is blocked.", view.Cc)}</p>""")
                : Html.Of($"""
                <h2>{reader.Say("What can be said of each provider")}</h2>
                {Quotable.OfProviders(view, reader)}
                <h2>{reader.Say("Day by day")}</h2>
                {TimelineChart.Of(view, reader)}
                <h2>{reader.Say("Over all these days")}</h2>
                {Isps(view, minimumUnits, reader)}
                """))}
            <h2>{reader.Say("Events")}</h2>
            {(own.Count == 0
                ? Html.Of($"""<p class="empty" role="status">{reader.Say("No onset or end of blocking of this site was found in these days.")}</p>""")
                : EventRows.Of(own, reader.Say("{0} events of this site", own.Count), reader))}
            <p>{reader.Say("To be told when it changes:")} <a href="/api/v1/events.atom?cc={view.Cc}&amp;domain={Uri.EscapeDataString(view.Domain)}">Atom</a></p>
            {document}
            """);
    }

    public static string Count(TimelineView view, Reader reader)
    {
        var decided = view.Lanes.Where(lane => lane.Cell.State != CellState.Insufficient).ToList();
        return reader.Say("Blocked or likely so at {0} of {1} providers with enough data; {2} providers were ever measured from.",
            decided.Count(lane => lane.Cell.State is CellState.Blocked or CellState.LikelyBlocked), decided.Count, view.Lanes.Count);
    }

    static Html Isps(TimelineView view, int minimumUnits, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Over all these days")}" tabindex="0">
        <table class="facts"><thead><tr><th scope="col">{reader.Say("Provider")}</th><th scope="col">{reader.Say("State")}</th><th scope="col">{reader.Say("Runs with interference, of all")}</th><th scope="col">{reader.Say("Volunteers")}</th><th scope="col">{reader.Say("Mechanisms")}</th><th scope="col">{reader.Say("Since")}</th></tr></thead><tbody>
        {view.Lanes.Select(lane => Row(view, lane, minimumUnits, reader))}
        </tbody></table></div>
        """);

    static Html Row(TimelineView view, LaneView lane, int minimumUnits, Reader reader)
    {
        var cell = lane.Cell;
        var figures = cell.State == CellState.Insufficient
            ? Html.Of($"""<td colspan="4">{StateLook.WhyInsufficient(cell, minimumUnits, reader)}</td>""")
            : Html.Of($"""<td class="number">{reader.Link(CellPath.Of(view.Cc, cell, view.Since, view.Until), reader.Say("{0} of {1}", cell.InterferenceRuns, cell.Runs))}</td><td class="number">{cell.Units.ToString()}</td><td class="mechanism">{string.Join(", ", cell.Mechanisms)}</td><td>{(cell.State == CellState.Ok ? "" : BracketText.Since(cell.Since, reader))}</td>""");
        return Html.Of($"""
            <tr><th scope="row">{IspName.Link(lane.Isp.Asn, lane.Isp.Name, reader)}</th><td>{StateLook.Mark(cell.State, reader)}</td>{figures}</tr>

            """);
    }
}
