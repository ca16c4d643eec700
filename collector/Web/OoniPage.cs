using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What OONI concluded of its own measurements beside what the rules here make of the same facts.</summary>
static class OoniPage
{
    /// <param name="views">Differences first.</param>
    public static Html Content(IReadOnlyList<OoniView> views, Filter filter, Reader reader) => Html.Of($"""
        <h1>{reader.Say("OONI's verdict beside ours")}</h1>
        <p>{reader.Say("Imported measurements of OONI's are judged here by the same rules. They enter no cell, no event and no figure of another page.")} {reader.Say("OONI asks one helper and tries no references: a difference may come from that.")}</p>
        {FilterForm.Of("/ooni", reader,
            FilterForm.Text("cc", reader.Say("Country"), filter.Cc, 3, reader.Say("all")),
            FilterForm.Text("domain", reader.Say("Site"), filter.Domain, 20, reader.Say("all")),
            FilterForm.Days(filter.Since, filter.Until, reader))}
        {(views.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("No measurement of OONI's that passes the filter was imported.")}</p>""")
            : Table(views, reader))}
        """);

    static Html Table(IReadOnlyList<OoniView> views, Reader reader)
    {
        var (differ, decided) = (views.Count(view => view.Agrees == false), views.Count(view => view.Agrees is not null));
        return Html.Of($"""
            <p role="status">{reader.Say("Of {0} measurements on this page OONI decided {1}; {2} of those are decided alike here, {3} differ.", views.Count, decided, decided - differ, differ)}</p>
            <div class="scroll" role="region" aria-label="{reader.Say("OONI's verdict beside ours")}" tabindex="0">
            <table class="facts"><caption>{reader.Say("Differences first, then latest first; {0} at most", OoniReading.Most)}</caption>
            <thead><tr><th scope="col">{reader.Say("Input")}</th><th scope="col">{reader.Say("Network")}</th><th scope="col">{reader.Say("About (UTC)")}</th><th scope="col">{reader.Say("OONI: blocking")}</th><th scope="col">{reader.Say("OONI: accessible")}</th><th scope="col">{reader.Say("OONI: DNS")}</th><th scope="col">{reader.Say("Here: finding")}</th><th scope="col">{reader.Say("Mechanisms")}</th><th scope="col">{reader.Say("Rules that fired")}</th><th scope="col">{reader.Say("Alike")}</th></tr></thead><tbody>
            {views.Select(view => Row(view, reader))}
            </tbody></table></div>
            """);
    }

    static Html Row(OoniView view, Reader reader) => Html.Of($"""
        <tr><th scope="row">{view.Input}</th><td>AS{view.Asn} ({view.Cc})</td><td>{view.Time:yyyy-MM-dd HH:mm}</td><td>{view.Verdict.Blocking ?? reader.Say("undecided")}</td><td>{(view.Verdict.Accessible is { } open ? open ? reader.Say("yes") : reader.Say("no") : reader.Say("undecided"))}</td><td>{view.Verdict.DnsConsistency ?? reader.Say("undecided")}</td><td>{view.Finding.Outcome}{(view.Finding.Reason is { } reason ? $": {reason}" : "")}</td><td class="mechanism">{string.Join(", ", view.Finding.Mechanisms)}</td><td class="mechanism">{string.Join(", ", view.Finding.Rules)}</td><td>{Alike(view.Agrees, reader)}</td></tr>

        """);

    static Html Alike(bool? agrees, Reader reader) => agrees switch
    {
        true => Html.Of($"""<span aria-hidden="true">✓</span> {reader.Say("alike")}"""),
        false => Html.Of($"""<strong><span aria-hidden="true">✗</span> {reader.Say("differs")}</strong>"""),
        null => Html.Of($"{reader.Say("undecided")}"),
    };
}
