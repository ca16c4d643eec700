using System.Globalization;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Onsets and ends of blocking, latest day first.</summary>
static class EventListPage
{
    /// <param name="next">Address of the next page; null after the last.</param>
    public static Html Content(IReadOnlyList<EventView> events, Filter filter, IReadOnlyList<string> countries, Html whyNone, string? next, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Events")}</h1>
        <p>{reader.Say("A site began or ceased to be blocked. Each event joins what happened at several providers; when it happened is known to lie between the last contrary sight and the first.")}</p>
        {FilterForm.Of("/events", reader,
            FilterForm.Choice("cc", reader.Say("Country"), countries.Select(cc => (cc, cc)).Prepend(("", reader.Say("all"))), filter.Cc ?? ""),
            FilterForm.Text("domain", reader.Say("Site"), filter.Domain, 20, reader.Say("all")),
            FilterForm.Text("asn", reader.Say("Provider (AS number)"), filter.Asn?.ToString(CultureInfo.InvariantCulture), 10, reader.Say("all")),
            FilterForm.Text("mechanism", reader.Say("Mechanism"), filter.Mechanism, 10, reader.Say("all")),
            FilterForm.Days(filter.Since, filter.Until, reader))}
        {(events.Count == 0 ? whyNone : EventRows.Of(events, reader.Say("{0} events on this page, latest day first", events.Count), reader))}
        {(next is null ? Html.Nothing : Html.Of($"""<p><a rel="next" href="{next}">{reader.Say("Next page")}</a></p>"""))}
        <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/events{reader.DataQuery}">JSON</a>, <a href="/api/v1/events.atom">Atom</a>.</p>
        """);
}
