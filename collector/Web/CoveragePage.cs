using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What was measured by how many, whether the controls can be relied on, how the fleet is, and what cannot be said.</summary>
static class CoveragePage
{
    /// <param name="fleet">For those who have a key; null for the public.</param>
    public static Html Content(
        IReadOnlyList<CoverageView> days, IReadOnlyList<ControlRow> controls, FleetHealth? fleet, (DateTimeOffset Since, DateTimeOffset Until) window,
        Filter filter, IReadOnlyList<string> countries, int minimumUnits, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Coverage")}{(filter.Cc is { } cc ? Html.Of($""" <span class="cc">{cc}</span>""") : Html.Nothing)}</h1>
        <p>{reader.Say("Days {0} (UTC).", BracketText.Days(window.Since, window.Until, reader))} {reader.Say("A silent volunteer is no good news: what nobody measured is unknown.")}</p>
        {FilterForm.Of("/coverage", reader, FilterForm.Choice("cc", reader.Say("Country"), countries.Select(one => (one, one)).Prepend(("", reader.Say("all"))), filter.Cc ?? ""), FilterForm.Days(filter.Since, filter.Until, reader))}
        <h2>{reader.Say("Coverage, day by day")}</h2>
        {CoverageTable.Of(days, window, minimumUnits, reader)}
        <h2>{reader.Say("Controls in uncensored networks")}</h2>
        {Controls(controls, reader)}
        <h2>{reader.Say("The fleet")}</h2>
        {(fleet is null ? Html.Of($"""<p class="empty" role="note">{reader.Say("Figures of single agents' health are for those who have a key.")}</p>""") : Fleet(fleet, reader))}
        <h2>{reader.Say("What cannot be said")}</h2>
        <ul>
        <li>{reader.Say("Providers from which no volunteer ever measured are not known here at all.")}</li>
        <li>{reader.Say("Of fewer than {0} volunteers at a provider nothing is published.", minimumUnits)}</li>
        <li>{reader.Say("Measurements whose reference sites fail too prove nothing; they are counted, and stand in no share.")}</li>
        <li>{reader.Say("Who keeps records of traffic, and for how long, cannot be measured.")}</li>
        </ul>
        <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/coverage{reader.DataQuery}">JSON</a>.</p>
        """);

    static Html Controls(IReadOnlyList<ControlRow> controls, Reader reader) => controls.Count == 0
        ? Html.Of($"""<p class="empty" role="status">{reader.Say("No control measured in these days. Without controls nothing can be told to be blocked.")}</p>""")
        : Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Controls in uncensored networks")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("{0} of {1} days of controls' networks can be relied on", controls.Count(row => row.Healthy), controls.Count)}</caption>
        <thead><tr><th scope="col">{reader.Say("Day (UTC)")}</th><th scope="col">{reader.Say("Network")}</th><th scope="col">{reader.Say("Reached, of measured")}</th><th scope="col">{reader.Say("References failed, of measured")}</th><th scope="col">{reader.Say("Says otherwise than the others, of sites")}</th><th scope="col">{reader.Say("Can be relied on")}</th></tr></thead><tbody>
        {controls.Select(row => Html.Of($"""<tr><td>{row.Day:yyyy-MM-dd}</td><th scope="row">{(row.Asn is { } asn ? IspName.Of(asn, row.Name) : reader.Say("unknown"))}</th><td class="number">{reader.Say("{0} of {1}", row.Reached, row.Measurements)}</td><td class="number">{reader.Say("{0} of {1}", row.Discarded, row.Measurements)}</td><td class="number">{reader.Say("{0} of {1}", row.Dissents, row.Hosts)}</td><td>{(row.Healthy ? Html.Of($"""<span aria-hidden="true">✓</span> {reader.Say("yes")}""") : Html.Of($"""<span aria-hidden="true">✗</span> {reader.Say("no")}"""))}</td></tr>"""))}
        </tbody></table></div>
        """);

    static Html Fleet(FleetHealth fleet, Reader reader) => fleet.Isps.Count == 0
        ? Html.Of($"""<p class="empty" role="status">{reader.Say("No agent is enrolled.")}</p>""")
        : Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("The fleet")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("{0} agents in force; {1} of them were heard of on the last two days", fleet.Agents, fleet.Heard)}</caption>
        <thead><tr><th scope="col">{reader.Say("Network")}</th><th scope="col">{reader.Say("Heard of, of agents")}</th><th scope="col">{reader.Say("Set aside")}</th><th scope="col">{reader.Say("Dropped, of produced")}</th><th scope="col">{reader.Say("Waiting to be sent")}</th></tr></thead><tbody>
        {fleet.Isps.Select(isp => Html.Of($"""<tr><th scope="row">{IspName.Of(isp.Asn, isp.Name)} {isp.Cc}{(isp.IsControl ? $" ({reader.Say("control")})" : "")}</th><td class="number">{reader.Say("{0} of {1}", isp.Heard, isp.Agents)}</td><td class="number">{isp.SetAside}</td><td class="number">{reader.Say("{0} of {1}", isp.Dropped, isp.Produced)}</td><td class="number">{isp.Waiting}</td></tr>"""))}
        </tbody></table></div>
        <table class="facts"><caption>{reader.Say("Versions of the agent")}</caption>
        <thead><tr><th scope="col">{reader.Say("Version")}</th><th scope="col">{reader.Say("Agents, of those in force")}</th></tr></thead><tbody>
        {fleet.Versions.Select(version => Html.Of($"""<tr><th scope="row">{(version.Version.Length > 0 ? version.Version : reader.Say("unknown"))}</th><td class="number">{reader.Say("{0} of {1}", version.Agents, fleet.Agents)}</td></tr>"""))}
        </tbody></table>
        """);
}
