namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Lays cells out so that none is missing.</summary>
static class MatrixGrid
{
    /// <param name="cells">Those that anything was measured for.</param>
    public static Matrix Of(
        string cc, CellWindow window, DateTimeOffset computed, IReadOnlyList<(long Asn, bool Measured)> isps, IReadOnlyList<MatrixTarget> listed, IReadOnlyList<Cell> cells)
    {
        var measured = cells.ToDictionary(c => (c.Target, c.Asn));
        MatrixTarget[] targets =
        [
            .. listed.Concat(cells.Select(c => c.Target).Distinct(StringComparer.Ordinal)
                    .Except(listed.Select(l => l.Target), StringComparer.Ordinal).Select(t => new MatrixTarget(t, t, "")))
                .OrderBy(t => t.Target, StringComparer.Ordinal),
        ];
        Cell[] dense =
        [
            .. targets.SelectMany(t => isps.Select(i =>
                measured.GetValueOrDefault((t.Target, i.Asn)) ?? CellJudge.Unmeasured(cc, t.Target, i.Asn, i.Measured).Cell)),
        ];
        var coverage = new MatrixCoverage(isps.Count, isps.Count(i => i.Measured), targets.Length, dense.Length, dense.Count(c => c.State != CellState.Insufficient));
        return new(cc, window, computed, [.. isps.Select(i => i.Asn)], targets, dense, coverage);
    }
}
