using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>A matrix as a table of words: what a cell is, how, and what of how many runs and volunteers.</summary>
static class MatrixText
{
    const int WidestTarget = 40;

    public static void Write(TextWriter output, Matrix matrix)
    {
        output.WriteLine($"{matrix.Cc}, {matrix.Window.Since:yyyy-MM-dd} to {matrix.Window.Until.AddDays(-1):yyyy-MM-dd} (UTC), as of {matrix.AsOf.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        if (matrix.Isps.Count == 0 || matrix.Targets.Count == 0)
        {
            output.WriteLine(matrix.Isps.Count == 0 ? "Nothing was ever measured from this country." : "No list in force and no measurement names a site.");
            return;
        }
        var rows = new List<string[]> { (string[])["", .. matrix.Isps.Select(asn => $"AS{asn}")] };
        var cells = matrix.Cells.ToDictionary(c => (c.Target, c.Asn));
        foreach (var target in matrix.Targets)
        {
            Cell[] row = [.. matrix.Isps.Select(asn => cells[(target.Target, asn)])];
            rows.Add([Shortened(target.Target), .. row.Select(State)]);
            if (Array.Exists(row, c => c.Mechanisms.Count > 0))
                rows.Add(["", .. row.Select(c => c.Mechanisms.Count == 0 ? "" : c.Mechanisms[0].Name)]);
        }
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((text, i) => text.PadRight(widths[i]))).TrimEnd());
        output.WriteLine("Glyphs: " + string.Join(", ", Enum.GetValues<CellState>().Select(s => $"{Glyph(s)} {s.Word()}")));
        output.WriteLine("In brackets: runs with interference / runs, u = volunteers.");
        output.WriteLine($"{matrix.Coverage.DecidedCells} of {matrix.Coverage.Cells} cells are decided; {matrix.Coverage.IspsWithAgents} of {matrix.Coverage.Isps} providers have volunteers.");
    }

    public static char Glyph(CellState state) => state switch
    {
        CellState.Blocked => '■',
        CellState.LikelyBlocked => '▲',
        CellState.Suspected => '△',
        CellState.Throttled => '◐',
        CellState.Down => '✕',
        CellState.Refused => '⊘',
        CellState.Mixed => '◪',
        CellState.Ok => '●',
        _ => '–',
    };

    static string State(Cell cell) => cell.State == CellState.Insufficient
        ? $"{Glyph(cell.State)} {cell.Reason}"
        : $"{Glyph(cell.State)} {cell.State.Word()} ({cell.InterferenceRuns}/{cell.Runs}, {cell.Units}u)";

    static string Shortened(string target) => target.Length <= WidestTarget ? target : target[..(WidestTarget - 1)] + "…";
}
