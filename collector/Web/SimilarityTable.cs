using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Provider x provider: of the sites blocked at either, how many at both, and how many of those in the same way.</summary>
static class SimilarityTable
{
    public static Html Of(MatrixView matrix, Reader reader)
    {
        var isps = IspSimilarity.Comparable(matrix);
        if (isps.Count < 2)
            return Html.Of($"""<p class="empty" role="status">{reader.Say("{0} of {1} providers have a decided cell; two are needed to compare.", isps.Count, matrix.Isps.Count)}</p>""");
        var cells = matrix.Cells.ToLookup(cell => cell.Asn);
        return Html.Of($"""
            <div class="scroll" role="region" aria-label="{reader.Say("Provider by provider: what both block")}" tabindex="0">
            <table class="matrix similarity"><caption>{reader.Say("Sites blocked at both, of those blocked at either, where both are decided; below, how many of both in the same way. {0} of {1} providers have a decided cell.", isps.Count, matrix.Isps.Count)}</caption>
            <thead><tr><th scope="col">{reader.Say("Provider")}</th>{isps.Select(isp => Html.Of($"""<th scope="col">{IspName.Of(isp)}</th>"""))}</tr></thead><tbody>
            {isps.Select(row => Html.Of($"""<tr><th scope="row">{IspName.Link(row.Asn, row.Name, reader)}</th>{isps.Select(column => Cell(cells, row, column, matrix.Cc, reader))}</tr>"""))}
            </tbody></table></div>
            """);
    }

    static Html Cell(ILookup<long, CellView> cells, IspView row, IspView column, string cc, Reader reader)
    {
        if (row.Asn == column.Asn)
        {
            var (blocked, decided) = (cells[row.Asn].Count(cell => IspSimilarity.IsBlocked(cell) == true), cells[row.Asn].Count(cell => IspSimilarity.IsBlocked(cell) is not null));
            return Html.Of($"""<td class="own"><a href="{reader.To($"/matrix?cc={cc}&asn={row.Asn}")}"><span class="word">{reader.Say("{0} of {1}", blocked, decided)}</span><span class="detail">{reader.Say("blocked, of decided")}</span></a></td>""");
        }
        var pair = IspSimilarity.Of(cells, row.Asn, column.Asn);
        return pair.Either == 0
            ? Html.Of($"""<td class="shade0"><a href="{reader.To($"/matrix?cc={cc}&sort=differs")}"><span class="word">–</span><span class="detail">{reader.Say("neither blocks a site that is decided at both")}</span></a></td>""")
            : Html.Of($"""<td class="shade{pair.Shade}"><a href="{reader.To($"/matrix?cc={cc}&sort=differs")}"><span class="word">{reader.Say("{0} of {1}", pair.Both, pair.Either)}</span><span class="detail">{reader.Say("{0} in the same way", pair.SameWay)}</span></a></td>""");
    }
}
