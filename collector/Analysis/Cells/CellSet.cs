namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>All cells of a set of unit days of one country and window.</summary>
static class CellSet
{
    public static IReadOnlyList<Cell> Of(IEnumerable<UnitDay> days, CellRules rules) =>
    [
        .. days.GroupBy(d => (d.Target, d.Asn)).OrderBy(g => g.Key.Target, StringComparer.Ordinal).ThenBy(g => g.Key.Asn)
            .Select(g => CellJudge.Judge(Ordered(g), rules).Cell),
    ];

    /// <summary>In the one order that everything computed from them depends on.</summary>
    public static IReadOnlyList<UnitDay> Ordered(IEnumerable<UnitDay> days) =>
        [.. days.OrderBy(d => d.Day).ThenBy(d => d.Unit).ThenBy(d => d.AsnSource)];
}
