namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Lays cells out so that none is missing.</summary>
static class MatrixGrid
{
    /// <param name="cells">Those that anything was measured for.</param>
    public static Matrix Of(
        string cc,
        CellWindow window,
        DateTimeOffset computed,
        IReadOnlyList<(long Asn, bool Measured)> isps,
        IReadOnlyList<MatrixTarget> listed,
        IReadOnlyList<Cell> cells,
        CellFilter filter)
    {
        var measured = cells.ToDictionary(c => (c.Target, c.Asn));
        MatrixTarget[] targets =
        [
            .. listed.Concat(cells.Select(c => c.Target).Distinct(StringComparer.Ordinal)
                    .Except(listed.Select(l => l.Target), StringComparer.Ordinal).Select(t => new MatrixTarget(t, t, "")))
                .Where(t => (filter.Domain is null || t.Target == filter.Domain) && (filter.CategoryCode is null || t.CategoryCode == filter.CategoryCode))
                .OrderBy(t => t.Target, StringComparer.Ordinal),
        ];
        (long Asn, bool Measured)[] columns = [.. isps.Where(i => filter.Asn is null || i.Asn == filter.Asn)];
        Cell[] dense =
        [
            .. targets.SelectMany(t => columns.Select(i =>
                measured.GetValueOrDefault((t.Target, i.Asn)) ?? CellJudge.Unmeasured(cc, t.Target, i.Asn, i.Measured).Cell)),
        ];
        var decided = dense.Count(c => c.State != CellState.Insufficient);
        var coverage = new MatrixCoverage(columns.Length, columns.Count(c => c.Measured), targets.Length, dense.Length, decided);
        if (filter is { Mechanism: null, State: null, MinUnits: null })
            return new(cc, window, computed, [.. columns.Select(c => c.Asn)], targets, dense, coverage);
        Cell[] kept = [.. dense.Where(c => Passes(c, filter))];
        var keptTargets = kept.Select(c => c.Target).ToHashSet(StringComparer.Ordinal);
        var keptIsps = kept.Select(c => c.Asn).ToHashSet();
        return new(cc, window, computed, [.. columns.Select(c => c.Asn).Where(keptIsps.Contains)],
            [.. targets.Where(t => keptTargets.Contains(t.Target))], kept, coverage);
    }

    static bool Passes(Cell cell, CellFilter filter) =>
        (filter.State is null || cell.State == filter.State)
        && (filter.MinUnits is null || cell.Units >= filter.MinUnits)
        && (filter.Mechanism is null || cell.Mechanisms.Any(m => m.Name == filter.Mechanism
            || m.Name.StartsWith(filter.Mechanism + ".", StringComparison.Ordinal)));
}
