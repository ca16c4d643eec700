using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Days x providers in shades of one colour that is no state's, with the figures in each box.</summary>
static class CoverageTable
{
    const int Shades = 4;

    public static Html Of(IReadOnlyList<CoverageView> days, (DateTimeOffset Since, DateTimeOffset Until) window, int minimumUnits, Reader reader)
    {
        if (days.Count == 0)
            return Html.Of($"""<p class="empty" role="status">{reader.Say("Nobody measured here in these days. Choose others, or recruit volunteers.")}</p>""");
        var isps = days.Select(day => (day.Asn, day.Name, day.Cc)).Distinct().OrderBy(isp => isp.Cc, StringComparer.Ordinal).ThenBy(isp => isp.Asn).ToList();
        var found = days.ToDictionary(day => (day.Day, day.Cc, day.Asn));
        var most = Math.Max(1, days.Max(day => day.Runs.Least));
        return Html.Of($"""
            <div class="scroll" role="region" aria-label="{reader.Say("Coverage, day by day")}" tabindex="0">
            <table class="matrix similarity"><caption>{reader.Say("Days (rows, UTC) and providers (columns): scheduled measurements, and volunteers who made them. Darker is more.")}</caption>
            <thead><tr><th scope="col">{reader.Say("Day (UTC)")}</th>{isps.Select(isp => Html.Of($"""<th scope="col">{IspName.Of(isp.Asn, isp.Name)} {isp.Cc}</th>"""))}</tr></thead><tbody>
            {Enumerable.Range(0, (window.Until - window.Since).Days).Select(i => DateOnly.FromDateTime(window.Since.UtcDateTime).AddDays(i)).Select(day => Html.Of($"""
                <tr><th scope="row">{day:yyyy-MM-dd}</th>{isps.Select(isp => Box(found.GetValueOrDefault((day, isp.Cc, isp.Asn)), isp.Cc, isp.Asn, day, most, minimumUnits, reader))}</tr>

                """))}
            </tbody></table></div>
            """);
    }

    static Html Box(CoverageView? day, string cc, long asn, DateOnly at, int most, int minimumUnits, Reader reader)
    {
        // Whether few volunteers measured or none is not told apart to the public.
        if (day is null || day.Units.IsHidden)
            return Html.Of($"""<td class="insufficient plain"><span class="glyph" aria-hidden="true">–</span><span class="detail">{(reader.Caller.IsPublic ? reader.Say("fewer than {0} volunteers", minimumUnits) : reader.Say("nobody"))}</span></td>""");
        var shade = Math.Clamp((int)Math.Ceiling((double)Shades * day.Runs.Least / most), 1, Shades);
        return Html.Of($"""<td class="shade{shade}"><a href="{reader.To($"/matrix?cc={cc}&asn={asn}&since={at:yyyy-MM-dd}&until={at.AddDays(1):yyyy-MM-dd}")}"><span class="word">{day.Runs.ToString()}</span><span class="detail">{reader.Say("{0} volunteers", day.Units)}</span></a></td>""");
    }
}
