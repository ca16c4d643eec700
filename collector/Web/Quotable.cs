using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What may be quoted: every state in one of the few sentences that say no more than the evidence does and name nobody who decides.</summary>
static class Quotable
{
    // In English, for Reader.Say.
    static readonly (string Name, string Sentence, CellState[] States)[] Grades =
    [
        ("Confirmed", "Interference was observed between volunteers at this provider and the site: with a sign that is proof in itself, by independent volunteers, and again after some time.", [CellState.Blocked]),
        ("Consistent with blocking", "The symptoms pass the bar; proof in itself, time or independence is missing.", [CellState.LikelyBlocked]),
        ("Slowed", "Reachable, but slower than a comparison on the same path.", [CellState.Throttled]),
        ("We could not tell", "Something is off, and what was seen does not decide what.", [CellState.Suspected, CellState.Mixed]),
        ("No sign of blocking", "It was reached, or the site itself is down or turns visitors away.", [CellState.Ok, CellState.Down, CellState.Refused]),
        ("Not measured enough", "Nothing can be said, neither that it is blocked nor that it is reachable.", [CellState.Insufficient]),
    ];

    public static IEnumerable<string> Texts => Grades.SelectMany(grade => new[] { grade.Name, grade.Sentence });

    /// <summary>Of one site, provider by provider.</summary>
    public static Html OfProviders(TimelineView view, Reader reader) => Table(
        reader.Say("{0} in {1} at {2} providers that were ever measured from, days {3} (UTC)", view.Domain, view.Cc, view.Lanes.Count, BracketText.Days(view.Since, view.Until, reader)), reader.Say("Providers"), reader,
        states =>
        {
            var lanes = view.Lanes.Where(lane => states.Contains(lane.Cell.State)).ToList();
            return Html.Of($"""{reader.Say("{0} of {1}", lanes.Count, view.Lanes.Count)}{lanes.Select((lane, i) => Html.Of($"""{(i == 0 ? ": " : ", ")}{IspName.Link(lane.Isp.Asn, lane.Isp.Name, reader)}"""))}""");
        });

    /// <summary>Of a country, in counts of cells.</summary>
    public static Html OfCells(MatrixView matrix, Reader reader) => Table(
        reader.Say("{0} sites at {1} providers that were ever measured from, days {2} (UTC)", matrix.Targets.Count, matrix.Isps.Count, BracketText.Days(matrix.Since, matrix.Until, reader)), reader.Say("Cells (a site at a provider)"), reader,
        states => Html.Of($"""{reader.Say("{0} of {1}", matrix.Cells.Count(cell => states.Contains(cell.State)), matrix.Cells.Count)}"""));

    static Html Table(string caption, string what, Reader reader, Func<CellState[], Html> found) => Html.Of($"""
        <table class="facts"><caption>{caption}</caption>
        <thead><tr><th scope="col">{reader.Say("What may be quoted")}</th><th scope="col">{what}</th><th scope="col">{reader.Say("What it means")}</th></tr></thead><tbody>
        {Grades.Select(grade => Html.Of($"""<tr><th scope="row">{grade.States.Select(state => StateLook.Of(state)).Select(look => Html.Of($"""<span class="glyph" aria-hidden="true">{look.Glyph}</span>"""))}{reader.Say(grade.Name)}</th><td>{found(grade.States)}</td><td>{reader.Say(grade.Sentence)}</td></tr>"""))}
        </tbody></table>
        """);
}
