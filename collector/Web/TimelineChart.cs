using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>A lane per provider with its days' states and the brackets of its changes; the controls above, other countries below, the same as a table.</summary>
static class TimelineChart
{
    public static Html Of(TimelineView view, Reader reader) => Html.Of($"""
        {Draw(view, reader).InPage(Summary(view, reader))}
        {ChartFile.Link($"/cells/{view.Cc}/{Uri.EscapeDataString(view.Domain)}/chart.svg?since={FilterForm.Day(view.Since)}&until={FilterForm.Day(view.Until)}", $"timeline-{view.Cc}-{FilterForm.Day(view.Since)}", reader)}
        <details><summary>{reader.Say("The same as a table")}</summary>
        {Table(view, reader)}
        </details>
        """);

    public static Drawing Draw(TimelineView view, Reader reader)
    {
        var chart = new LaneChart(view.Since, view.Until);
        chart.Add(reader.Say("Controls"), view.Controls.Select(day => Control(chart, day)));
        foreach (var lane in view.Lanes)
            chart.Add(IspName.Short(lane.Isp.Asn, lane.Isp.Name), Marks(chart, view, lane));
        foreach (var abroad in Abroad(view))
            chart.Add(reader.Say("Elsewhere: {0}", abroad.Key), abroad.SelectMany(e => e.Isps.Select(isp => chart.Bracket(isp.At[0], isp.At[1]!.Value, EventLook.Glyph(e.Kind)))));
        return chart.Draw();
    }

    public static string Summary(TimelineView view, Reader reader) =>
        reader.Say("{0} in {1}, {2}: a lane per provider, a box per day with the sign of its state; {3} marks a start of blocking and {4} an end, from the last contrary sight to the first.",
            view.Domain, view.Cc, BracketText.Days(view.Since, view.Until, reader), EventLook.Onset, EventLook.End);

    static IEnumerable<IGrouping<string, EventView>> Abroad(TimelineView view) => view.Events.Where(e => e.Cc != view.Cc).GroupBy(e => e.Cc).OrderBy(e => e.Key, StringComparer.Ordinal);

    static Html Control(LaneChart chart, ControlDay day)
    {
        var look = StateLook.Of(day.Reached * 2 > day.Measurements ? CellState.Ok : CellState.Down);
        return chart.Band(Start(day.Day), Start(day.Day.AddDays(1)), look.Css, look.Glyph);
    }

    static IEnumerable<Html> Marks(LaneChart chart, TimelineView view, LaneView lane)
    {
        for (var i = 0; i < lane.Days.Count; i++)
        {
            var look = StateLook.Of(lane.Days[i].State);
            yield return chart.Band(view.Since.AddDays(i), view.Since.AddDays(i + 1), look.Css, look.Glyph);
        }
        foreach (var e in view.Events.Where(e => e.Cc == view.Cc))
            foreach (var isp in e.Isps.Where(isp => isp.Asn == lane.Isp.Asn))
                yield return chart.Bracket(isp.At[0], isp.At[1]!.Value, EventLook.Glyph(e.Kind));
    }

    static Html Table(TimelineView view, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Day by day")}" tabindex="0">
        <table class="matrix"><caption>{reader.Say("Days (rows, UTC) and providers (columns). Each cell leads to its reasons.")}</caption>
        <thead><tr><th scope="col">{reader.Say("Day (UTC)")}</th><th scope="col">{reader.Say("Controls: reached, of measured")}</th>{view.Lanes.Select(lane => Html.Of($"""<th scope="col">{IspName.Of(lane.Isp)}</th>"""))}</tr></thead><tbody>
        {Enumerable.Range(0, (view.Until - view.Since).Days).Select(i => Row(view, i, reader))}
        </tbody></table></div>
        """);

    static Html Row(TimelineView view, int day, Reader reader)
    {
        var at = view.Since.AddDays(day);
        var control = view.Controls.FirstOrDefault(c => c.Day == DateOnly.FromDateTime(at.UtcDateTime));
        return Html.Of($"""
            <tr><th scope="row">{at:yyyy-MM-dd}</th><td class="plain">{(control is null ? reader.Say("none") : reader.Say("{0} of {1}", control.Reached, control.Measurements))}</td>{view.Lanes.Select(lane => Cell(view, lane.Days[day], at, reader))}</tr>

            """);
    }

    static Html Cell(TimelineView view, CellView cell, DateTimeOffset at, Reader reader)
    {
        var look = StateLook.Of(cell.State);
        return Html.Of($"""<td class="{look.Css}"><a href="{reader.To(CellPath.Of(view.Cc, cell, at, at.AddDays(1)))}"><span class="glyph" aria-hidden="true">{look.Glyph}</span><span class="word">{reader.Say(look.Words)}</span>{Figures(cell, reader)}</a></td>""");
    }

    static Html Figures(CellView cell, Reader reader) => cell.State == CellState.Insufficient ? Html.Nothing
        : Html.Of($"""<span class="detail">{reader.Say("{0} of {1} runs, {2} volunteers", cell.InterferenceRuns, cell.Runs, cell.Units)}</span>""");

    static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>Where the reasons of a cell are.</summary>
static class CellPath
{
    public static string Of(string cc, CellView cell, DateTimeOffset since, DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture,
        $"/cells/{cc}/{Uri.EscapeDataString(cell.Domain)}/{cell.Asn}?since={since:yyyy-MM-dd}&until={until:yyyy-MM-dd}");
}
