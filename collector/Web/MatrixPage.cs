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
    public Html Content(MatrixView matrix, Filter filter, IReadOnlyList<string> countries) => Html.Of($"""
        <h1>Which sites are blocked, at which providers? <span class="cc">{matrix.Cc}</span></h1>
        {Freshness(matrix)}
        {MatrixFilters.Form(matrix, filter, countries)}
        {Summary(matrix)}
        {(matrix.Cells.Count == 0 ? Empty(matrix, filter) : Table(matrix))}
        {Legend()}
        <p class="links">The same as data: <a href="{MatrixFilters.Link("/matrix.csv", matrix.Cc, filter)}">CSV</a>,
        <a href="{MatrixFilters.Link("/api/v1/matrix", matrix.Cc, filter)}">JSON</a>.</p>
        """);

    Html Freshness(MatrixView matrix)
    {
        var days = $"{matrix.Since:yyyy-MM-dd} to {matrix.Until.AddDays(-1):yyyy-MM-dd}";
        if (matrix.AsOf == default)
            return Html.Of($"""<p class="freshness">Days {days} (UTC). Nothing was analysed yet.</p>""");
        var age = time.GetUtcNow() - matrix.AsOf;
        var stale = age > TimeSpan.FromHours(26);
        return Html.Of($"""
            <p class="freshness{(stale ? " stale" : "")}">Days {days} (UTC). Last analysed <time datetime="{Json.Utc(matrix.AsOf)}">{matrix.AsOf:yyyy-MM-dd HH:mm} UTC</time>{(stale ? $": {age.TotalHours:0} hours ago. Newer measurements are missing." : ".")}</p>
            """);
    }

    static Html Summary(MatrixView matrix) => Html.Of($"""
        <p>{matrix.Coverage.DecidedCells} of {matrix.Coverage.Cells} cells have enough data to say anything;
        {matrix.Coverage.IspsWithAgents} of {matrix.Coverage.Isps} providers have enough volunteers.</p>
        """);

    Html Table(MatrixView matrix)
    {
        var cells = matrix.Cells.ToDictionary(cell => (cell.Domain, cell.Asn));
        return Html.Of($"""
            <div class="scroll" role="region" aria-label="Matrix of sites and providers" tabindex="0">
            <table class="matrix">
            <caption>Sites (rows) and providers (columns), {matrix.Since:yyyy-MM-dd} to {matrix.Until.AddDays(-1):yyyy-MM-dd} UTC. Each cell leads to its reasons.</caption>
            <thead><tr><th scope="col">Site</th>{matrix.Isps.Select(Column)}</tr></thead>
            <tbody>
            {matrix.Targets.Select(target => Row(matrix, target, cells))}
            </tbody>
            </table>
            </div>
            """);
    }

    static Html Column(IspView isp) => Html.Of($"""<th scope="col"><span class="isp">{isp.Name ?? "AS" + isp.Asn.ToString(CultureInfo.InvariantCulture)}</span><span class="asn">AS{isp.Asn}</span></th>""");

    Html Row(MatrixView matrix, TargetView target, Dictionary<(string, long), CellView> cells) => Html.Of($"""
        <tr><th scope="row"><span class="domain">{target.Domain}</span> <span class="category">{target.CategoryCode}</span></th>{matrix.Isps.Select(isp =>
            cells.TryGetValue((target.Domain, isp.Asn), out var cell) ? Cell(matrix, cell) : Html.Of($"""<td class="filtered"><span class="hidden">left out by the filter</span></td>"""))}</tr>

        """);

    Html Cell(MatrixView matrix, CellView cell)
    {
        var look = StateLook.Of(cell.State);
        return Html.Of($"""
            <td class="{look.Css}"><a href="{CellPath(matrix.Cc, cell, matrix)}"><span class="glyph" aria-hidden="true">{look.Glyph}</span><span class="word">{look.Words}</span>{Detail(cell)}</a></td>
            """);
    }

    Html Detail(CellView cell)
    {
        if (cell.State == CellState.Insufficient)
            return Html.Of($"""<span class="detail">{StateLook.WhyInsufficient(cell, publication.MinimumUnits)}</span>""");
        var mechanism = cell.Mechanisms is [var first, ..] ? Html.Of($"""<span class="detail mechanism">{first}</span>""") : Html.Nothing;
        // A reachable site has been so since before the window as a rule: the date would only be noise.
        var since = cell.State != CellState.Ok ? Html.Of($"""<span class="detail">{SinceText.Of(cell.Since)}</span>""") : Html.Nothing;
        return Html.Of($"""{mechanism}<span class="detail">{cell.InterferenceRuns.ToString()} of {cell.Runs.ToString()} runs, {cell.Units.ToString()} volunteers</span>{since}""");
    }

    static string CellPath(string cc, CellView cell, MatrixView matrix) =>
        $"/cells/{cc}/{Uri.EscapeDataString(cell.Domain)}/{cell.Asn.ToString(CultureInfo.InvariantCulture)}?since={matrix.Since:yyyy-MM-dd}&until={matrix.Until:yyyy-MM-dd}";

    static Html Empty(MatrixView matrix, Filter filter) => Html.Of($"""
        <p class="empty" role="status">There is nothing to show: {(MatrixFilters.Narrows(filter)
            ? "no cell passes the filter. Widen it."
            : $"no test list of {matrix.Cc} has been released, or no provider of {matrix.Cc} was measured in these days.")} This does not mean that nothing is blocked.</p>
        """);

    static Html Legend() => Html.Of($"""
        <section aria-labelledby="legend"><h2 id="legend">What the signs mean</h2>
        <dl class="legend">
        {Order.Select(StateLook.Of).Select(look => Html.Of($"""<div><dt class="{look.Css}"><span class="glyph" aria-hidden="true">{look.Glyph}</span> {look.Words}</dt><dd>{look.Meaning}</dd></div>"""))}
        </dl></section>
        """);
}
