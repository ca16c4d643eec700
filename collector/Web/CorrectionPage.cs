using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What was changed in published findings, when and why.</summary>
static class CorrectionPage
{
    public static Html Content(IReadOnlyList<CorrectionView> events, IReadOnlyList<ReanalysisView> reanalyses, string cc, IReadOnlyList<string> countries, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Corrections")} <span class="cc">{cc}</span></h1>
        <p>{reader.Say("Findings that were on show and were taken back, or stand again, and days that were judged again. The log behind it is only added to.")}</p>
        {FilterForm.Of("/corrections", reader, FilterForm.Choice("cc", reader.Say("Country"), countries.Union([cc]).Order(StringComparer.Ordinal).Select(one => (one, one)), cc))}
        <h2>{reader.Say("Events")}</h2>
        {(events.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("No event was taken back after it was on show.")}</p>""")
            : Events(events, reader))}
        <h2>{reader.Say("Days judged again")}</h2>
        {(reanalyses.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("No days were judged again under other rules.")}</p>""")
            : Html.Of($"{reanalyses.Select(one => Reanalysis(one, cc, reader))}"))}
        """);

    static Html Events(IReadOnlyList<CorrectionView> events, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Events")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("{0} corrections of events, latest first", events.Count)}</caption>
        <thead><tr><th scope="col">{reader.Say("Day (UTC)")}</th><th scope="col">{reader.Say("Site")}</th><th scope="col">{reader.Say("What")}</th><th scope="col">{reader.Say("What was changed")}</th><th scope="col">{reader.Say("Why")}</th></tr></thead><tbody>
        {events.Select(one => Html.Of($"""<tr><td>{one.Day:yyyy-MM-dd}</td><th scope="row">{reader.Link(one.IsShown ? "/events/" + one.EventId : $"/cells/{one.Cc}/{Uri.EscapeDataString(one.Domain)}", one.Domain)}</th><td>{EventLook.Mark(one.Kind, reader)}</td><td>{Said(one, reader)}</td><td>{Why(one, reader)}</td></tr>"""))}
        </tbody></table></div>
        """);

    /// <summary>Of one event, in its own page.</summary>
    public static Html OfEvent(IReadOnlyList<CorrectionView> events, Reader reader) => events.Count == 0
        ? Html.Of($"""<p>{reader.Say("It was never taken back.")}</p>""")
        : Html.Of($"""
        <ol class="steps">{events.Reverse().Select(one => Html.Of($"""<li>{one.Day:yyyy-MM-dd}: {Said(one, reader)} {Why(one, reader)}</li>"""))}</ol>
        """);

    static string Said(CorrectionView one, Reader reader) => one.Stands ? reader.Say("It stands again.") : reader.Say("It was taken back.");

    static Html Why(CorrectionView one, Reader reader) => Html.Of($"""{(one.Reason is { } reason ? reader.Say(EventLook.Why(reason)) : one.Stands ? reader.Say("it is seen again") : reader.Say("over before it was confirmed"))}{(one.Changes is { } exact ? Html.Of($""" <span class="detail" lang="en">{string.Join("; ", exact)}</span>""") : Html.Nothing)}""");

    static Html Reanalysis(ReanalysisView one, string cc, Reader reader)
    {
        var caption = reader.Say("Judged again on {0} under rules version {1}: days {2}. {3} cells say otherwise since.",
            one.Finished.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), one.RulesVersion, BracketText.Days(one.Since, one.Until, reader), one.Cells.Count);
        return one.Cells.Count == 0 ? Html.Of($"<p>{caption}</p>") : Html.Of($"""
            <table class="facts"><caption>{caption}</caption>
            <thead><tr><th scope="col">{reader.Say("Site")}</th><th scope="col">{reader.Say("Provider")}</th><th scope="col">{reader.Say("Before")}</th><th scope="col">{reader.Say("Since")}</th></tr></thead><tbody>
            {one.Cells.Select(cell => Html.Of($"""<tr><th scope="row">{reader.Link($"/cells/{cc}/{Uri.EscapeDataString(cell.Domain)}/{cell.Asn}?since={one.Since:yyyy-MM-dd}&until={one.Until:yyyy-MM-dd}", cell.Domain)}</th><td>{IspName.Link(cell.Asn, cell.Isp, reader)}</td><td>{State(cell.Before, reader)}</td><td>{State(cell.After, reader)}</td></tr>"""))}
            </tbody></table>
            """);
    }

    static Html State(CellState? state, Reader reader) => state is { } known ? StateLook.Mark(known, reader) : Html.Of($"{reader.Say("no cell")}");
}
