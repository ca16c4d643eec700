using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Where to begin: what is new, where anything was measured, and how new it is.</summary>
static class OverviewPage
{
    public const int MostEvents = 10;

    /// <param name="events">Latest first.</param>
    /// <param name="countries">Each country's matrix of the default days.</param>
    /// <param name="whyNone">Of the events, where there are none.</param>
    public static Html Content(IReadOnlyList<EventView> events, IReadOnlyList<MatrixView> countries, Html whyNone, DateTimeOffset now, Reader reader) => Html.Of($"""
        <h1>{reader.Say("What is blocked, on which providers, since when?")}</h1>
        {(countries.Count == 0 ? Html.Nothing : Freshness.Of(countries.Max(country => country.AsOf), BracketText.Days(countries[0].Since, countries[0].Until, reader), now, reader))}
        <h2>{reader.Say("Newest events")}</h2>
        {(events.Count == 0 ? whyNone : EventRows.Of(events, reader.Say("Newest onsets and ends of blocking: {0}", events.Count), reader))}
        <p>{reader.Link("/events", reader.Say("All events"))}</p>
        <h2>{reader.Say("Countries")}</h2>
        {(countries.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("Nothing was measured yet: no volunteer's measurements have arrived. This does not mean that nothing is blocked.")}</p>""")
            : Countries(countries, reader))}
        """);

    static Html Countries(IReadOnlyList<MatrixView> countries, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Countries")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("Days {0} (UTC).", BracketText.Days(countries[0].Since, countries[0].Until, reader))}</caption>
        <thead><tr><th scope="col">{reader.Say("Country")}</th><th scope="col">{reader.Say("Cells that are blocked or likely so, of those with enough data")}</th><th scope="col">{reader.Say("Cells with enough data, of all")}</th><th scope="col">{reader.Say("Providers with enough volunteers, of those ever measured")}</th><th scope="col">{reader.Say("Last analysed (UTC)")}</th><th scope="col">{reader.Say("How the blocking is organised")}</th></tr></thead><tbody>
        {countries.Select(country => Row(country, reader))}
        </tbody></table></div>
        """);

    static Html Row(MatrixView country, Reader reader)
    {
        var (cover, matrix) = (country.Coverage, $"/matrix?cc={country.Cc}");
        var blocked = country.Cells.Count(cell => cell.State is CellState.Blocked or CellState.LikelyBlocked);
        return Html.Of($"""
            <tr><th scope="row">{reader.Link(matrix, country.Cc)}</th><td>{reader.Link(matrix + "&sort=differs", reader.Say("{0} of {1}", blocked, cover.DecidedCells))}</td><td>{reader.Link(matrix, reader.Say("{0} of {1}", cover.DecidedCells, cover.Cells))}</td><td>{reader.Link($"/coverage?cc={country.Cc}", reader.Say("{0} of {1}", cover.IspsWithAgents, cover.Isps))}</td><td>{(country.AsOf == default ? reader.Say("never") : $"{country.AsOf:yyyy-MM-dd HH:mm}")}</td><td>{reader.Link($"/attribution/{country.Cc}", reader.Say("Open"))}</td></tr>

            """);
    }
}
