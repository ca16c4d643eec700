using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>The result of an analysis for people: the matrix, then what changed, then how the blocking is organised.</summary>
static class AnalysisText
{
    public static void Write(TextWriter output, WorldAnalysis analysis)
    {
        MatrixText.Write(output, MatrixOf(analysis));
        output.WriteLine();
        foreach (var (e, organisation) in analysis.Events)
            output.WriteLine($"{Json.Utc(e.At.Latest)} {(e.Kind == ChangeKind.Onset ? "onset" : "end")} of {e.Target} at {string.Join(", ", e.Isps.Select(i => $"AS{i.Asn}"))}: {e.Status}{(e.Reason is { } reason ? $" ({reason})" : "")}{(organisation is { } said ? $". {said.Word}: {said.Text}" : "")}");
        var verdict = analysis.Attribution;
        output.WriteLine();
        output.WriteLine($"How the blocking is organised: {Words(verdict.Word)}{(verdict is { Preliminary: true, Leaning: { } leaning } ? $" (first impression: {Words(leaning)})" : "")}");
        foreach (var evidence in verdict.Evidence)
            output.WriteLine($"  {evidence.Kind}: {evidence.Text}");
        foreach (var move in analysis.Moves.Moves)
            output.WriteLine($"{Json.Utc(move.At.Latest)} AS{move.Asn} moved to a pattern that others share{(move.ExplainedBy is { } known ? $"; may be explained by: {known}" : "")}");
    }

    // "order" alone would sound like somebody's order.
    static string Words(string word) => word == Organisations.Order ? "one list, separate tools" : word;

    static Matrix MatrixOf(WorldAnalysis analysis)
    {
        var categories = WorldAnalysis.Categories(analysis.World);
        MatrixTarget[] targets =
        [
            .. analysis.Cells.Select(c => c.Target).Distinct(StringComparer.Ordinal).Select(t => new MatrixTarget(t, t, categories.GetValueOrDefault(t, ""))),
        ];
        long[] isps = [.. analysis.Cells.Select(c => c.Asn).Distinct()];
        var measured = analysis.World.Observations.Select(o => o.Asn).ToHashSet();
        return new(analysis.World.Header.Cc, analysis.Window, analysis.Window.End, isps, targets, analysis.Cells,
            new(isps.Length, measured.Count, targets.Length, analysis.Cells.Count, analysis.Cells.Count(c => c.State != CellState.Insufficient)));
    }
}
