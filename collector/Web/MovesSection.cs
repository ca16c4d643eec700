using System.Globalization;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>When providers' own patterns gave way to a common one: how far each is from what it did before, as lines and as a table.</summary>
static class MovesSection
{
    public static Html Of(AttributionView view, MatrixView matrix, Reader reader)
    {
        var drifts = view.Drifts.Where(drift => drift.Days.Count > 0).ToList();
        var verdict = view.Moves.Count == 0
            ? reader.Say("No move was found among {0} providers that have a baseline.", view.Drifts.Count)
            : reader.Say("{0} of {1} providers that have a baseline gave up their own pattern for a common one.", view.Moves.Select(move => move.Asn).Distinct().Count(), view.Drifts.Count);
        return view.Drifts.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("No provider has a baseline yet, so a move could not be seen. A baseline is frozen after fourteen days with two groups of volunteers.")}</p>""")
            : Html.Of($"""
            <p>{verdict}</p>
            {(drifts.Count == 0 ? Html.Nothing : Chart(view, drifts, matrix, reader))}
            {Table(view, matrix, reader)}
            """);
    }

    static Html Chart(AttributionView view, List<DriftView> drifts, MatrixView matrix, Reader reader)
    {
        var chart = new LaneChart(Start(drifts.Min(drift => drift.Days[0].Day)), Start(drifts.Max(drift => drift.Days[^1].Day).AddDays(1)));
        foreach (var drift in drifts)
            chart.Add(NameOf(drift.Asn, matrix),
            [
                chart.Line(drift.Days.Select(day => (Start(day.Day), day.Own)), "own"),
                chart.Line(drift.Days.Where(day => day.Common is not null).Select(day => (Start(day.Day), day.Common!.Value)), "common"),
                .. view.Moves.Where(move => move.Asn == drift.Asn).Select(move => chart.Bracket(move.At[0], move.At[1]!.Value, "⇒")),
            ]);
        return chart.Draw().InPage(reader.Say("Day by day, a lane per provider: the solid line is its distance from its own baseline, the dashed one from the common pattern, from 0 (foot: the same) to 1 (head: nothing in common); ⇒ marks a move."));
    }

    static Html Table(AttributionView view, MatrixView matrix, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Moves over time")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("Distances from 0 (the same) to 1 (nothing in common), on the latest day that blocking was seen by enough volunteers")}</caption>
        <thead><tr><th scope="col">{reader.Say("Provider")}</th><th scope="col">{reader.Say("Moved (UTC)")}</th><th scope="col">{reader.Say("May be explained by")}</th><th scope="col">{reader.Say("From its baseline")}</th><th scope="col">{reader.Say("From the common pattern")}</th><th scope="col">{reader.Say("Baseline of, frozen on")}</th></tr></thead><tbody>
        {view.Drifts.Select(drift => Row(drift, view.Moves.FirstOrDefault(move => move.Asn == drift.Asn), matrix, reader))}
        </tbody></table></div>
        """);

    static Html Row(DriftView drift, MoveView? move, MatrixView matrix, Reader reader)
    {
        var last = drift.Days.Count == 0 ? null : drift.Days[^1];
        return Html.Of($"""
            <tr><th scope="row">{IspName.Link(drift.Asn, matrix.Isps.FirstOrDefault(isp => isp.Asn == drift.Asn)?.Name, reader)}</th><td>{(move is null ? reader.Say("no") : BracketText.Between(move.At, reader))}</td><td>{(move is null ? "" : move.ExplainedBy ?? reader.Say("nothing that is known"))}</td><td class="number">{(last is null ? reader.Say("not seen") : Figure(last.Own))}</td><td class="number">{(last?.Common is { } common ? Figure(common) : reader.Say("none"))}</td><td>{drift.Since:yyyy-MM-dd}…{drift.Until.AddDays(-1):yyyy-MM-dd}, {drift.Frozen:yyyy-MM-dd} <code>{drift.Hash[..12]}</code></td></tr>

            """);
    }

    static string NameOf(long asn, MatrixView matrix) => IspName.Short(asn, matrix.Isps.FirstOrDefault(isp => isp.Asn == asn)?.Name);

    static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
