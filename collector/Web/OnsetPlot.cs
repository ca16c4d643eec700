using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>The onsets of a country, a lane per site and a bracket per provider; the list of events is its table.</summary>
static class OnsetPlot
{
    const int MostLanes = 25;

    /// <param name="onsets">Latest first.</param>
    public static Html Of(IReadOnlyList<EventView> onsets, MatrixView matrix, Reader reader)
    {
        if (onsets.Count == 0)
            return Html.Of($"""<p class="empty" role="status">{reader.Say("No site began to be blocked while it was watched, or fewer volunteers saw it than are needed. What was blocked from the first look on has no start that anybody knows.")}</p>""");
        var summary = Summary(onsets, reader);
        return Html.Of($"""
            {Draw(onsets, matrix).InPage(summary)}
            {ChartFile.Link($"/attribution/{matrix.Cc}/onsets.svg?since={FilterForm.Day(matrix.Since)}&until={FilterForm.Day(matrix.Until)}", $"onsets-{matrix.Cc}-{FilterForm.Day(matrix.Until)}", reader)}
            <details><summary>{reader.Say("The same as a table")}</summary>
            {EventRows.Of([.. onsets.Take(MostLanes)], summary, reader)}
            </details>
            """);
    }

    /// <param name="onsets">At least one.</param>
    public static Drawing Draw(IReadOnlyList<EventView> onsets, MatrixView matrix)
    {
        var shown = onsets.Take(MostLanes).ToList();
        var chart = new LaneChart(shown.Min(e => e.At[0] ?? e.At[1]!.Value).AddDays(-1), matrix.Until);
        foreach (var e in shown)
            chart.Add(e.Domain, e.Isps.Select(isp => chart.Bracket(isp.At[0], isp.At[1]!.Value, EventLook.Onset)));
        return chart.Draw();
    }

    public static string Summary(IReadOnlyList<EventView> onsets, Reader reader) =>
        reader.Say("{0} of {1} onsets, a lane per site and a bracket per provider: from the last sight of the open site to the first of the block.", Math.Min(MostLanes, onsets.Count), onsets.Count);
}
