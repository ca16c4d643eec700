using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Cells as the commands print them in JSON: the names and shapes of the REST interface (contract 3).</summary>
static class CellOutput
{
    public static object Of(Matrix matrix) => new
    {
        matrix.AsOf,
        matrix.Cc,
        Since = matrix.Window.Start,
        Until = matrix.Window.End,
        Isps = matrix.Isps.Select(asn => new { Asn = asn }),
        Targets = matrix.Targets.Select(t => new { Domain = t.Target, t.Input, t.CategoryCode }),
        Cells = matrix.Cells.Select(Of),
        matrix.Coverage,
    };

    public static object Of(CellExplanation explanation) => new
    {
        Cell = Of(explanation.Cell),
        Since = explanation.Window.Start,
        Until = explanation.Window.End,
        Reasoning = explanation.Reasoning.Steps,
        explanation.Rules,
        explanation.Units,
        explanation.Days,
        explanation.Controls,
    };

    static object Of(Cell cell) => new
    {
        Domain = cell.Target,
        cell.Asn,
        State = cell.State.Word(),
        cell.Reason,
        cell.Mechanisms,
        cell.Locus,
        cell.HopAsn,
        cell.Units,
        cell.Groups,
        cell.Runs,
        cell.InterferenceRuns,
        cell.DiscardedRuns,
        Interval = cell.Interval is { } interval ? new[] { interval.Low, interval.High } : null,
        cell.Posterior,
        Since = cell.Since is { } since ? new[] { since.Earliest, since.Latest } : null,
        cell.Changed,
        cell.Access,
        cell.Witness,
    };
}
