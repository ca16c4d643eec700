using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Site x ISP: rows are targets, columns are providers.</summary>
sealed class MatrixPage(Publication publication, TimeProvider time)
{
    static readonly CellState[] Order =
    [
        CellState.Blocked, CellState.LikelyBlocked, CellState.Suspected, CellState.Throttled, CellState.Mixed,
        CellState.Down, CellState.Refused, CellState.Ok, CellState.Insufficient,
    ];

    /// <param name="countries">Countries with anything to show.</param>
    /// <param name="compared">With other days; null for not at all.</param>
    public Html Content(MatrixView matrix, MatrixComparison? compared, Filter filter, IReadOnlyList<string> countries, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Which sites are blocked, at which providers?")} <span class="cc">{matrix.Cc}</span></h1>
        {Freshness.Of(matrix.AsOf, BracketText.Days(matrix.Since, matrix.Until, reader), time.GetUtcNow(), reader)}
        {MatrixFilters.Form(matrix, filter, countries, reader)}
        {Summary(matrix, reader)}
        {(compared is not null ? ComparisonTable.Of(compared, reader) : matrix.Cells.Count == 0 ? Empty(matrix, filter, reader) : Table(matrix, filter.ByDifference, reader))}
        {Legend(reader)}
        <p class="links">{reader.Say("The same as data:")} <a href="{MatrixFilters.Link("/matrix.csv", matrix.Cc, filter)}">CSV</a>,
        <a href="{MatrixFilters.Link("/api/v1/matrix", matrix.Cc, filter)}">JSON</a>.</p>
        """);

    static Html Summary(MatrixView matrix, Reader reader) => Html.Of($"""
        <p>{reader.Say("{0} of {1} cells have enough data to say anything;", matrix.Coverage.DecidedCells, matrix.Coverage.Cells)}
        {reader.Link($"/coverage?cc={matrix.Cc}", reader.Say("{0} of {1} providers have enough volunteers.", matrix.Coverage.IspsWithAgents, matrix.Coverage.Isps))}</p>
        """);

    Html Table(MatrixView matrix, bool byDifference, Reader reader)
    {
        var cells = matrix.Cells.ToDictionary(cell => (cell.Domain, cell.Asn));
        var rows = matrix.Targets.Select(target => (Target: target, Difference: TargetDifference.Of(matrix.Isps.Select(isp => cells.GetValueOrDefault((target.Domain, isp.Asn))).OfType<CellView>())));
        if (byDifference)
            rows = rows.OrderByDescending(row => row.Difference.Pairs).ThenByDescending(row => row.Difference.Ways);
        return Html.Of($"""
            <div class="scroll" role="region" aria-label="{reader.Say("Matrix of sites and providers")}" tabindex="0">
            <table class="matrix">
            <caption>{reader.Say("Sites (rows) and providers (columns), {0} UTC. Each cell leads to its reasons.", BracketText.Days(matrix.Since, matrix.Until, reader))}</caption>
            <thead><tr><th scope="col">{reader.Say("Site")}</th>{matrix.Isps.Select(isp => Column(isp, reader))}</tr></thead>
            <tbody>
            {rows.Select(row => Row(matrix, row.Target, row.Difference, cells, reader))}
            </tbody>
            </table>
            </div>
            """);
    }

    internal static Html Column(IspView isp, Reader reader) => Html.Of($"""<th scope="col"><a href="{reader.To($"/isps/AS{isp.Asn}")}"><span class="isp">{isp.Name ?? "AS" + isp.Asn.ToString(CultureInfo.InvariantCulture)}</span><span class="asn">AS{isp.Asn}</span></a></th>""");

    Html Row(MatrixView matrix, TargetView target, TargetDifference difference, Dictionary<(string, long), CellView> cells, Reader reader) => Html.Of($"""
        <tr><th scope="row"><a class="domain" href="{reader.To($"/cells/{matrix.Cc}/{Uri.EscapeDataString(target.Domain)}")}">{target.Domain}</a> <span class="category">{target.CategoryCode}</span>{(difference.Differs
            ? Html.Of($"""<span class="category">{reader.Say("differs: blocked at {0}, reachable at {1}", difference.Blocked, difference.Open)}</span>""") : Html.Nothing)}</th>{matrix.Isps.Select(isp =>
            cells.TryGetValue((target.Domain, isp.Asn), out var cell) ? Cell(matrix, cell, reader) : Html.Of($"""<td class="filtered"><span class="hidden">{reader.Say("left out by the filter")}</span></td>"""))}</tr>

        """);

    Html Cell(MatrixView matrix, CellView cell, Reader reader)
    {
        var look = StateLook.Of(cell.State);
        return Html.Of($"""
            <td class="{look.Css}"><a href="{reader.To(CellPath.Of(matrix.Cc, cell, matrix.Since, matrix.Until))}"><span class="glyph" aria-hidden="true">{look.Glyph}</span><span class="word">{reader.Say(look.Words)}</span>{Detail(cell, reader)}</a></td>
            """);
    }

    Html Detail(CellView cell, Reader reader)
    {
        if (cell.State == CellState.Insufficient)
            return Html.Of($"""<span class="detail">{StateLook.WhyInsufficient(cell, publication.MinimumUnits, reader)}</span>""");
        var mechanism = cell.Mechanisms is [var first, ..] ? Html.Of($"""<span class="detail mechanism">{first}</span>""") : Html.Nothing;
        // A reachable site has been so since before the window as a rule: the date would only be noise.
        var since = cell.State != CellState.Ok ? Html.Of($"""<span class="detail">{BracketText.Since(cell.Since, reader)}</span>""") : Html.Nothing;
        return Html.Of($"""{mechanism}<span class="detail">{reader.Say("{0} of {1} runs, {2} volunteers", cell.InterferenceRuns, cell.Runs, cell.Units)}</span>{since}""");
    }

    static Html Empty(MatrixView matrix, Filter filter, Reader reader) => Html.Of($"""
        <p class="empty" role="status">{(filter.Narrows
            ? reader.Say("There is nothing to show: no cell passes the filter. Widen it.")
            : reader.Say("There is nothing to show: no test list of {0} has been released, or no provider of {0} was measured in these days.", matrix.Cc))} {reader.Say("This does not mean that nothing is blocked.")}</p>
        """);

    static Html Legend(Reader reader) => Html.Of($"""
        <section aria-labelledby="legend"><h2 id="legend">{reader.Say("What the signs mean")}</h2>
        <dl class="legend">
        {Order.Select(StateLook.Of).Select(look => Html.Of($"""<div><dt class="{look.Css}"><span class="glyph" aria-hidden="true">{look.Glyph}</span> {reader.Say(look.Words)}</dt><dd>{reader.Say(look.Meaning)}</dd></div>"""))}
        </dl></section>
        """);
}
