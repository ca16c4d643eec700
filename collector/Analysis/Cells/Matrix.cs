namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Every target of the lists against every ISP that was ever measured in a country; nothing is left out.</summary>
/// <param name="AsOf">When the newest of the unit days behind it was computed.</param>
/// <param name="Isps">ASNs, ascending.</param>
/// <param name="Targets">By name.</param>
/// <param name="Cells">Row by row: all ISPs of the first target, then of the second.</param>
sealed record Matrix(
    string Cc,
    CellWindow Window,
    DateTimeOffset AsOf,
    IReadOnlyList<long> Isps,
    IReadOnlyList<MatrixTarget> Targets,
    IReadOnlyList<Cell> Cells,
    MatrixCoverage Coverage);

/// <param name="Target">What a cell is about: the host name, or the full input where the list marks a page.</param>
sealed record MatrixTarget(string Target, string Input, string CategoryCode);

/// <param name="DecidedCells">Cells in a state other than insufficient.</param>
sealed record MatrixCoverage(int Isps, int IspsWithAgents, int Targets, int Cells, int DecidedCells);
