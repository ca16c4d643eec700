using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>In which network on the path the blocking of each provider was located, as lines from provider to network; a table is its twin.</summary>
static class PathPicture
{
    const int Row = 30;
    const int Top = 8;
    const int From = 210;
    const int To = 620;
    const int Width = 1020;
    const double Thickest = 16;

    public static Html Of(MatrixView matrix, Func<long, string?> nameOf, Reader reader)
    {
        var isps = Isps(matrix);
        var blocked = isps.Sum(isp => isp.Blocked);
        if (Located(matrix) == 0)
            return Html.Of($"""<p class="empty" role="status">{reader.Say("Of {0} blocked cells none was located on the path: volunteers allow such tests rarely, and an answer of a resolver has no place on the path.", blocked)}</p>""");
        var summary = Summary(matrix, reader);
        return Html.Of($"""
            {Draw(matrix, nameOf, reader).InPage(summary)}
            {ChartFile.Link($"/attribution/{matrix.Cc}/paths.svg?since={FilterForm.Day(matrix.Since)}&until={FilterForm.Day(matrix.Until)}", $"paths-{matrix.Cc}-{FilterForm.Day(matrix.Until)}", reader)}
            <details><summary>{reader.Say("The same as a table")}</summary>
            <table class="facts"><caption>{summary}</caption>
            <thead><tr><th scope="col">{reader.Say("Provider")}</th><th scope="col">{reader.Say("Located, of blocked sites")}</th><th scope="col">{reader.Say("In which network, and at how many sites")}</th></tr></thead><tbody>
            {isps.Select(isp => Html.Of($"""<tr><th scope="row">{IspName.Link(isp.Isp.Asn, isp.Isp.Name, reader)}</th><td class="number">{reader.Link($"/matrix?cc={matrix.Cc}&asn={isp.Isp.Asn}&state=blocked", reader.Say("{0} of {1}", isp.Places.Sum(place => place.Sites), isp.Blocked))}</td><td>{string.Join("; ", isp.Places.Select(place => $"{Place(place.Asn, isp.Isp.Asn, nameOf, reader)}: {place.Sites}"))}</td></tr>"""))}
            </tbody></table>
            </details>
            """);
    }

    /// <summary>Blocked cells with a place.</summary>
    public static int Located(MatrixView matrix) => Isps(matrix).Sum(isp => isp.Places.Sum(place => place.Sites));

    public static string Summary(MatrixView matrix, Reader reader)
    {
        var isps = Isps(matrix);
        return reader.Say("Where on the path the blocking was located: {0} of {1} blocked cells, at {2} of {3} providers that block anything. A thicker line is more sites.",
            Located(matrix), isps.Sum(isp => isp.Blocked), isps.Count(isp => isp.Places.Count > 0), isps.Count);
    }

    public static Drawing Draw(MatrixView matrix, Func<long, string?> nameOf, Reader reader)
    {
        var isps = Isps(matrix);
        // A provider's own network is a place of its own, beside it.
        var networks = isps.SelectMany(isp => isp.Places.Where(place => place.Asn != isp.Isp.Asn).Select(place => place.Asn)).Distinct().Order().ToList();
        var most = Math.Max(1, isps.Max(isp => isp.Places.Select(place => place.Sites).DefaultIfEmpty().Max()));
        var rows = Math.Max(isps.Count, networks.Count + 1);
        return new(Html.Of($"""
            {isps.Select((isp, row) => Html.Of($"""<text class="lane" x="0" y="{Middle(row) + 5}">{IspName.Short(isp.Isp.Asn, isp.Isp.Name)}</text>{isp.Places.Select(place => Line(row, place.Asn == isp.Isp.Asn ? 0 : 1 + networks.IndexOf(place.Asn), Thickest * place.Sites / most))}"""))}
            <text class="lane" x="{To + 10}" y="{Middle(0) + 5}">{reader.Say("inside the provider's own network")}</text>
            {networks.Select((asn, row) => Html.Of($"""<text class="lane" x="{To + 10}" y="{Middle(row + 1) + 5}">{IspName.Of(asn, nameOf(asn))}</text>"""))}
            """), Width, (2 * Top) + (rows * Row));
    }

    static Html Line(int from, int to, double width) => Html.Of($"""<path class="way" stroke-width="{Math.Max(1, width):0.#}" d="M{From} {Middle(from)}C{(From + To) / 2} {Middle(from)} {(From + To) / 2} {Middle(to)} {To} {Middle(to)}"/>""");

    static int Middle(int row) => Top + (row * Row) + (Row / 2);

    static string Place(long asn, long isp, Func<long, string?> nameOf, Reader reader) => asn == isp ? reader.Say("inside the provider's own network") : IspName.Of(asn, nameOf(asn));

    /// <summary>Providers that block anything, with the networks in which it was located and the number of sites.</summary>
    static List<(IspView Isp, int Blocked, IReadOnlyList<(long Asn, int Sites)> Places)> Isps(MatrixView matrix)
    {
        var blocked = matrix.Cells.Where(cell => IspSimilarity.IsBlocked(cell) == true).ToLookup(cell => cell.Asn);
        return
        [
            .. matrix.Isps.Where(isp => blocked.Contains(isp.Asn)).Select(isp => (isp, blocked[isp.Asn].Count(),
                (IReadOnlyList<(long, int)>)[.. blocked[isp.Asn].Where(cell => cell.HopAsn is not null).GroupBy(cell => cell.HopAsn!.Value).Select(place => (place.Key, place.Count())).OrderByDescending(place => place.Item2)])),
        ];
    }
}
