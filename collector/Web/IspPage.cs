using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Providers: all of them, and one with its days, what it blocks and its events.</summary>
static class IspPage
{
    public static Html List(IReadOnlyList<IspSummary> isps, Filter filter, IReadOnlyList<string> countries, int minimumUnits, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Providers")}</h1>
        {FilterForm.Of("/isps", reader, FilterForm.Choice("cc", reader.Say("Country"), countries.Select(cc => (cc, cc)).Prepend(("", reader.Say("all"))), filter.Cc ?? ""), FilterForm.Days(filter.Since, filter.Until, reader))}
        {(isps.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("Nothing was measured yet: no volunteer's measurements have arrived. This does not mean that nothing is blocked.")}</p>""")
            : Table(isps, minimumUnits, reader))}
        """);

    /// <param name="days">Of this provider.</param>
    /// <param name="events">At it, latest first.</param>
    /// <param name="document">Ends the page: where a provider finds whom to answer, too.</param>
    public static Html One(IspSummary isp, IReadOnlyList<CoverageView> days, IReadOnlyList<EventView> events, (DateTimeOffset Since, DateTimeOffset Until) window, Filter filter, int minimumUnits, Html document, Reader reader) => Html.Of($"""
        <p>{reader.Link("/isps?cc=" + isp.Cc, reader.Say("← Providers of {0}", isp.Cc))}</p>
        <h1>{IspName.Of(isp.Asn, isp.Name)} <span class="cc">{isp.Cc}</span></h1>
        <p>{reader.Say("Days {0} (UTC).", BracketText.Days(window.Since, window.Until, reader))} {(isp.Units.IsHidden
            ? reader.Say("Fewer than {0} volunteers of this provider measured, so nothing of it is published. That is not good news and not bad news.", minimumUnits)
            : reader.Say("{0} volunteers made {1} scheduled measurements of {2} sites; {3} of the measurements prove nothing.", isp.Units, isp.Runs, isp.Targets, isp.Discarded))}</p>
        {FilterForm.Of($"/isps/AS{isp.Asn.ToString(CultureInfo.InvariantCulture)}", reader, FilterForm.Days(filter.Since, filter.Until, reader))}
        <h2>{reader.Say("What is blocked here")}</h2>
        {Blocked(isp, window, reader)}
        <h2>{reader.Say("Events")}</h2>
        {(events.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("No onset or end of blocking was found at this provider, or too few volunteers saw it.")}</p>""")
            : EventRows.Of(events, reader.Say("{0} events at this provider, latest day first", events.Count), reader))}
        <h2>{reader.Say("Coverage, day by day")}</h2>
        {CoverageTable.Of(days, window, minimumUnits, reader)}
        {document}
        <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/isps/{isp.Asn}?since={window.Since:yyyy-MM-dd}&amp;until={window.Until:yyyy-MM-dd}">JSON</a>.</p>
        """);

    static Html Table(IReadOnlyList<IspSummary> isps, int minimumUnits, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Providers")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("{0} providers that were ever measured from; {1} of them with enough volunteers in these days", isps.Count, isps.Count(isp => !isp.Units.IsHidden && isp.Units.Least > 0))}</caption>
        <thead><tr><th scope="col">{reader.Say("Provider")}</th><th scope="col">{reader.Say("Country")}</th><th scope="col">{reader.Say("Volunteers")}</th><th scope="col">{reader.Say("Sites")}</th><th scope="col">{reader.Say("Measurements that prove nothing, of all")}</th><th scope="col">{reader.Say("First and last day")}</th></tr></thead><tbody>
        {isps.Select(isp => Html.Of($"""<tr><th scope="row">{IspName.Link(isp.Asn, isp.Name, reader)}</th><td>{isp.Cc}</td>{(isp.Units.IsHidden
            ? Html.Of($"""<td colspan="4">{reader.Say("fewer than {0} volunteers", minimumUnits)}</td>""")
            : Html.Of($"""<td class="number">{isp.Units.ToString()}</td><td class="number">{isp.Targets.ToString()}</td><td class="number">{reader.Say("{0} of {1}", isp.Discarded, isp.Runs)}</td><td>{Day(isp.FirstDay)}, {Day(isp.LastDay)}</td>"""))}</tr>"""))}
        </tbody></table></div>
        """);

    static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static Html Blocked(IspSummary isp, (DateTimeOffset Since, DateTimeOffset Until) window, Reader reader)
    {
        var decided = isp.Cells!.Where(cell => cell.State != CellState.Insufficient).ToList();
        var wrong = decided.Where(cell => cell.State != CellState.Ok).OrderBy(cell => cell.State is CellState.Blocked or CellState.LikelyBlocked ? 0 : 1).ThenBy(cell => cell.Domain, StringComparer.Ordinal).ToList();
        var matrix = reader.Link($"/matrix?cc={isp.Cc}&asn={isp.Asn}", reader.Say("{0} of {1} sites have enough data here", decided.Count, isp.Cells!.Count));
        return wrong.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("Nothing that has enough data is blocked or otherwise unreachable here.")} {matrix}.</p>""")
            : Html.Of($"""
            <div class="scroll" role="region" aria-label="{reader.Say("What is blocked here")}" tabindex="0">
            <table class="facts"><caption>{reader.Say("{0} sites are not simply reachable", wrong.Count)}; {matrix}</caption>
            <thead><tr><th scope="col">{reader.Say("Site")}</th><th scope="col">{reader.Say("State")}</th><th scope="col">{reader.Say("Runs with interference, of all")}</th><th scope="col">{reader.Say("Volunteers")}</th><th scope="col">{reader.Say("Mechanisms")}</th><th scope="col">{reader.Say("Since")}</th></tr></thead><tbody>
            {wrong.Select(cell => Row(isp, cell, window, reader))}
            </tbody></table></div>
            """);
    }

    static Html Row(IspSummary isp, CellView cell, (DateTimeOffset Since, DateTimeOffset Until) window, Reader reader) => Html.Of($"""
        <tr><th scope="row">{reader.Link($"/cells/{isp.Cc}/{Uri.EscapeDataString(cell.Domain)}", cell.Domain)}</th><td>{StateLook.Mark(cell.State, reader)}</td><td class="number">{reader.Link(CellPath.Of(isp.Cc, cell, window.Since, window.Until), reader.Say("{0} of {1}", cell.InterferenceRuns, cell.Runs))}</td><td class="number">{cell.Units.ToString()}</td><td class="mechanism">{string.Join(", ", cell.Mechanisms)}</td><td>{BracketText.Since(cell.Since, reader)}</td></tr>

        """);
}
