using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Sites x providers with what they were then and are now, side by side.</summary>
static class ComparisonTable
{
    public static Html Of(MatrixComparison both, Reader reader)
    {
        var (comparable, changed) = both.Counts;
        return Html.Of($"""
            <p role="status">{reader.Say("{0} of {1} cells that have enough data both times say something else now.", changed, comparable)} {reader.Say("Where there is not enough data at one of the times, nothing is known to have changed.")}</p>
            <div class="scroll" role="region" aria-label="{reader.Say("Matrix of sites and providers")}" tabindex="0">
            <table class="matrix">
            <caption>{reader.Say("Then: {0}. Now: {1} (UTC). What changed at most providers stands first.", BracketText.Days(both.Then.Since, both.Then.Until, reader), BracketText.Days(both.Now.Since, both.Now.Until, reader))}</caption>
            <thead><tr><th scope="col">{reader.Say("Site")}</th>{both.Isps.Select(isp => MatrixPage.Column(isp, reader))}</tr></thead>
            <tbody>
            {both.Targets.Select(row => Row(both, row.Target, row.Changed, reader))}
            </tbody>
            </table>
            </div>
            """);
    }

    static Html Row(MatrixComparison both, TargetView target, int changed, Reader reader) => Html.Of($"""
        <tr><th scope="row"><a class="domain" href="{reader.To($"/cells/{both.Now.Cc}/{Uri.EscapeDataString(target.Domain)}")}">{target.Domain}</a> <span class="category">{target.CategoryCode}</span>{(changed > 0
            ? Html.Of($"""<span class="category">{reader.Say("changed at {0} of {1} providers", changed, both.Isps.Count)}</span>""") : Html.Nothing)}</th>{both.Isps.Select(isp => Cell(both, target.Domain, isp.Asn, reader))}</tr>

        """);

    static Html Cell(MatrixComparison both, string domain, long asn, Reader reader)
    {
        var (then, now, change) = both.Of(domain, asn);
        if (!both.Holds(domain, asn) || (then is null && now is null))
            return Html.Of($"""<td class="filtered"><span class="hidden">{reader.Say("left out by the filter")}</span></td>""");
        return Html.Of($"""
            <td class="compared{(change == CellChange.Changed ? " changed" : "")}">{(change == CellChange.Changed ? Html.Of($"""<span class="word">{reader.Say("changed")}</span>""") : Html.Nothing)}{Side(both.Then, then, reader.Say("then"), reader)}{Side(both.Now, now, reader.Say("now"), reader)}</td>
            """);
    }

    static Html Side(MatrixView matrix, CellView? cell, string when, Reader reader)
    {
        if (cell is null)
            return Html.Of($"""<span class="state insufficient"><span class="detail">{when}</span>{reader.Say("no cell")}</span>""");
        var look = StateLook.Of(cell.State);
        return Html.Of($"""<a class="state {look.Css}" href="{reader.To(CellPath.Of(matrix.Cc, cell, matrix.Since, matrix.Until))}"><span class="detail">{when}</span><span class="glyph" aria-hidden="true">{look.Glyph}</span> {reader.Say(look.Words)}{(cell.Mechanisms is [var first, ..] ? Html.Of($"""<span class="detail mechanism">{first}</span>""") : Html.Nothing)}</a>""");
    }
}
