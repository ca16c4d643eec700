namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>All cells of a set of unit days of one country and window.</summary>
static class CellSet
{
    public static IReadOnlyList<Cell> Of(IEnumerable<UnitDay> days, CellRules rules) => [.. Judge(days, rules).Select(v => v.Cell)];

    /// <summary>The same, each with its target's host.</summary>
    public static IReadOnlyList<(string Host, Cell Cell)> ByHost(IReadOnlyList<UnitDay> days, CellRules rules)
    {
        var hosts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var day in days)
            hosts[day.Target] = day.Host;
        return [.. Of(days, rules).Select(cell => (hosts[cell.Target], cell))];
    }

    /// <summary>By target, then ASN.</summary>
    /// <param name="days">Of a target all providers' or none: what is ordinary for it is learnt from all of them.</param>
    public static IReadOnlyList<CellVerdict> Judge(IEnumerable<UnitDay> days, CellRules rules) =>
    [
        .. days.GroupBy(d => d.Target, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(target =>
        {
            IReadOnlyList<UnitDay>[] cells = [.. target.GroupBy(d => d.Asn).OrderBy(g => g.Key).Select(Ordered)];
            CellVerdict[] first = [.. cells.Select(cell => CellJudge.Judge(cell, rules))];
            var baselines = Baselines.Of(first);
            return ReachedInside.Weigh(
                [.. cells.Select((cell, i) => baselines[i] <= Evidence.Baseline ? first[i] : CellJudge.Judge(cell, rules, baselines[i]))]);
        }),
    ];

    /// <summary>In the one order that everything computed from them depends on.</summary>
    public static IReadOnlyList<UnitDay> Ordered(IEnumerable<UnitDay> days) =>
        [.. days.OrderBy(d => d.Day).ThenBy(d => d.Unit).ThenBy(d => d.AsnSource)];
}
