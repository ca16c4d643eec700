using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Web;

/// <summary>What controls saw of a site, day by day.</summary>
static class ControlTable
{
    public static Html Of(IReadOnlyList<ControlDay> days, Reader reader) => days.Count == 0
        ? Html.Of($"""<p class="empty" role="status">{reader.Say("No control vantage point measured this site in these days.")}</p>""")
        : Html.Of($"""
        <table class="facts"><caption>{reader.Say("{0} of {1} measurements of controls reached the site in these days", days.Sum(day => day.Reached), days.Sum(day => day.Measurements))}</caption>
        <thead><tr><th scope="col">{reader.Say("Day (UTC)")}</th><th scope="col">{reader.Say("Reached, of measured")}</th><th scope="col">{reader.Say("Networks")}</th></tr></thead><tbody>
        {days.Select(day => Html.Of($"""<tr><th scope="row">{day.Day:yyyy-MM-dd}</th><td class="number">{reader.Say("{0} of {1}", day.Reached, day.Measurements)}</td><td class="number">{day.Networks}</td></tr>"""))}
        </tbody></table>
        """);
}
