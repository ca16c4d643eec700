using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>One event: what, where, when at each provider, what controls saw, and what was said of it when.</summary>
static class EventPage
{
    /// <param name="around">The site's days around the event.</param>
    /// <param name="document">Ends the page.</param>
    public static Html Content(EventDetail detail, TimelineView around, IReadOnlyList<CorrectionView> corrections, Func<long, string?> nameOf, Html document, Reader reader)
    {
        var e = detail.Event;
        return Html.Of($"""
            <p>{reader.Link("/events?cc=" + e.Cc, reader.Say("← Events of {0}", e.Cc))}</p>
            <h1>{e.Domain} <span class="cc">{e.Cc}</span></h1>
            <p>{EventLook.Mark(e.Kind, reader)} {reader.Say(EventLook.Standing(e.Status))}{(detail.CategoryCode is { Length: > 0 } category ? $" · {category}" : "")}</p>
            <p>{Sentence(e, reader)}</p>
            {(e.Reason is { } reason ? Html.Of($"""<p class="empty" role="note">{reader.Say("Why it does not count:")} {reader.Say(EventLook.Why(reason))}.</p>""") : Html.Nothing)}
            <h2>{reader.Say("What can be said of each provider")}</h2>
            {Quotable.OfProviders(around, reader)}
            <h2>{reader.Say("When, at each provider")}</h2>
            {Isps(e, around, nameOf, reader)}
            {Organisation(e, reader)}
            <h2>{reader.Say("The days around it")}</h2>
            {TimelineChart.Of(around, reader)}
            <p>{reader.Link($"/cells/{e.Cc}/{Uri.EscapeDataString(e.Domain)}", reader.Say("Time line of {0} in {1}", e.Domain, e.Cc))}</p>
            <h2>{reader.Say("Controls in uncensored networks")}</h2>
            {ControlTable.Of(around.Controls, reader)}
            <h2>{reader.Say("What was said of it when")}</h2>
            {Log(detail.Log, reader)}
            <h2>{reader.Say("Corrections")}</h2>
            {CorrectionPage.OfEvent(corrections, reader)}
            <h2>{reader.Say("What was not covered")}</h2>
            <ul>
            <li>{reader.Say("At {0} of {1} providers too few volunteers looked in these days to say anything.", around.Lanes.Count(lane => lane.Cell.State == CellState.Insufficient), around.Lanes.Count)}</li>
            <li>{reader.Say("Providers from which no volunteer ever measured are not known here at all.")}</li>
            <li>{reader.Say("Who decided it, and why, cannot be measured.")}</li>
            </ul>
            {document}
            <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/events/{e.Id}">JSON</a>.</p>
            """);
    }

    static string Sentence(EventView e, Reader reader)
    {
        var isps = EventLook.Isps(e);
        var when = BracketText.Between(e.At, reader);
        var first = e.Kind == "onset"
            ? reader.Say("{0} began to be blocked at {1} of the country's providers; at the first one in: {2} (UTC).", e.Domain, isps, when)
            : reader.Say("{0} ceased to be blocked at {1} of the country's providers; at the first one in: {2} (UTC).", e.Domain, isps, when);
        return isps < 2 ? first : $"{first} {reader.Say("From the first provider to the last: {0}.", EventLook.Spread(e, reader))} {reader.Say("That several began together does not show who decided it.")}";
    }

    static Html Isps(EventView e, TimelineView around, Func<long, string?> nameOf, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("When, at each provider")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("Changes in order of time: {0}; providers: {1}", e.Isps.Count, EventLook.Isps(e))}</caption>
        <thead><tr><th scope="col">{reader.Say("Provider")}</th><th scope="col">{reader.Say("Between (UTC)")}</th><th scope="col">{reader.Say("Volunteers who looked")}</th><th scope="col">{reader.Say("Mechanisms")}</th><th scope="col">{reader.Say("Evidence passed the bar (UTC)")}</th><th scope="col">{reader.Say("Seen again (UTC)")}</th><th scope="col">{reader.Say("Remarks")}</th></tr></thead><tbody>
        {e.Isps.Select(isp => Isp(isp, e, around, nameOf(isp.Asn), reader))}
        </tbody></table></div>
        """);

    static Html Isp(EventIspView isp, EventView e, TimelineView around, string? name, Reader reader)
    {
        var cell = around.Lanes.FirstOrDefault(lane => lane.Isp.Asn == isp.Asn)?.Cell;
        var units = cell is null ? Html.Of($"{isp.Units.ToString()}") : reader.Link(CellPath.Of(e.Cc, cell, around.Since, around.Until), isp.Units.ToString());
        var remark = isp.Withdrawn ? reader.Say("over before it was confirmed") : isp.Withheld is { } why ? reader.Say(EventLook.Why(why)) : "";
        return Html.Of($"""
            <tr><th scope="row">{IspName.Link(isp.Asn, name, reader)}</th><td>{BracketText.Between(isp.At, reader)}</td><td class="number">{units}</td><td class="mechanism">{string.Join(", ", isp.Mechanisms)}</td><td>{BracketText.Last(isp.DetectedAt)}</td><td>{(isp.ConfirmedAt is { } again ? BracketText.Last(again) : reader.Say("not yet"))}</td><td>{remark}</td></tr>

            """);
    }

    static Html Organisation(EventView e, Reader reader) => e.Attribution is not { } verdict ? Html.Nothing : Html.Of($"""
        <h2>{reader.Say("How its blocking is organised")}</h2>
        <p><strong>{reader.Say(OrganisationLook.OfTarget(verdict.Verdict))}</strong>: <span lang="en">{verdict.Text}</span></p>
        <p>{reader.Link("/attribution/" + e.Cc, reader.Say("How the blocking of {0} is organised", e.Cc))}</p>
        """);

    static Html Log(IReadOnlyList<EventEntry>? log, Reader reader) => log is null
        ? Html.Of($"""<p class="empty" role="note">{reader.Say("The log of changes has exact times: it is for analysts with a key.")}</p>""")
        : Html.Of($"""
        <ol class="steps">
        {log.Select(entry => Html.Of($"""<li><time datetime="{Json.Utc(entry.Recorded)}">{entry.Recorded:yyyy-MM-dd HH:mm}</time> {reader.Say(EventLook.Standing(entry.Status))}{(entry.Alert ? $" ({reader.Say("alert")})" : "")}: <span lang="en">{string.Join("; ", entry.Changes)}</span></li>"""))}
        </ol>
        """);
}
