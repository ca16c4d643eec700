using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>
/// "Down" is what nobody reaches. Where volunteers of another provider reach the site while controls do not, it lets in the country
/// alone: of it controls are no control, and who does not reach it proves nothing.
/// </summary>
static class ReachedInside
{
    /// <param name="cells">Of one target, all providers.</param>
    public static IEnumerable<CellVerdict> Weigh(IReadOnlyList<CellVerdict> cells) =>
        cells.Select(cell => cell.Cell.State == CellState.Down && cells.Any(other => IsReached(other, cell)) ? Undecided(cell) : cell);

    static bool IsReached(CellVerdict other, CellVerdict down)
    {
        // Of days on which nothing was wrong the first and the last sight stand for all.
        var (failed, open) = (Times(down, Outcome.Down), Times(other, Outcome.Ok));
        return open.Length > 0 && open[0] <= failed[^1] && open[^1] >= failed[0] && !Times(other, Outcome.Down).Any(time => time >= failed[0] && time <= failed[^1]);
    }

    static DateTimeOffset[] Times(CellVerdict cell, Outcome outcome) => [.. cell.Stretch.Sights.Where(s => s.Sight.Outcome == outcome).Select(s => s.Sight.Time)];

    static CellVerdict Undecided(CellVerdict cell) => cell with
    {
        Cell = cell.Cell with { State = CellState.Insufficient, Reason = InsufficientReasons.NoControl, Locus = Loci.Unknown },
        Reasoning = new([.. cell.Reasoning.Steps, new("inside", true, "Volunteers of another provider reached the site at the same time: it lets in the country alone, and controls abroad are no control of it.")]),
    };
}
