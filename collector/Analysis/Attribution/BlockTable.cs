using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>
/// What is compared: common targets x providers with two independent volunteers or more; blocked, open, or neither known.
/// </summary>
sealed class BlockTable
{
    // A cell counts as blocked when it would still be more likely than not without any one group (issue 4, Trust).
    const double WithoutAGroup = 0.5;

    const int FewestIsps = 3;

    readonly bool?[,] _blocked;
    readonly BlockedCell?[,] _cells;

    BlockTable(IspColumn[] isps, string[] targets, string?[] categories, bool?[,] blocked, BlockedCell?[,] cells, int ispsSeen, int targetsSeen) =>
        (Isps, Targets, Categories, _blocked, _cells, IspsSeen, TargetsSeen) = (isps, targets, categories, blocked, cells, ispsSeen, targetsSeen);

    /// <summary>By ASN.</summary>
    public IReadOnlyList<IspColumn> Isps { get; }

    public IReadOnlyList<string> Targets { get; }

    /// <summary>One a target; null where unknown.</summary>
    public IReadOnlyList<string?> Categories { get; }

    /// <summary>Providers with any measurement.</summary>
    public int IspsSeen { get; }

    public int TargetsSeen { get; }

    /// <returns>Null where the cell is not decided.</returns>
    public bool? this[int target, int isp] => _blocked[target, isp];

    /// <summary>Targets that are blocked at one of the providers at least.</summary>
    public int BlockedTargets => Enumerable.Range(0, Targets.Count).Count(d => Enumerable.Range(0, Isps.Count).Any(i => this[d, i] == true));

    /// <summary>The providers that block a target, each with this target alone.</summary>
    public IReadOnlyList<IspColumn> ColumnsOf(int target) =>
        [.. Enumerable.Range(0, Isps.Count).Where(i => _cells[target, i] is not null).Select(i => new IspColumn(Isps[i].Asn, [_cells[target, i]!]))];

    /// <summary>The same providers over other targets, of which some may stand there more than once.</summary>
    /// <param name="drawn">Places in this table.</param>
    public BlockTable Of(int[] drawn)
    {
        var blocked = new bool?[drawn.Length, Isps.Count];
        var cells = new BlockedCell?[drawn.Length, Isps.Count];
        for (var d = 0; d < drawn.Length; d++)
            for (var i = 0; i < Isps.Count; i++)
                (blocked[d, i], cells[d, i]) = (_blocked[drawn[d], i], _cells[drawn[d], i]);
        var columns = Isps.Select((isp, i) => new IspColumn(isp.Asn, [.. Enumerable.Range(0, drawn.Length).Select(d => cells[d, i]).OfType<BlockedCell>()]));
        return new([.. columns], [.. drawn.Select(d => Targets[d])], [.. drawn.Select(d => Categories[d])], blocked, cells, IspsSeen, TargetsSeen);
    }

    /// <param name="verdicts">Of one country and window.</param>
    /// <param name="categories">Category code of a target, where known.</param>
    public static BlockTable Of(IReadOnlyList<CellVerdict> verdicts, IReadOnlyDictionary<string, string> categories)
    {
        IGrouping<long, CellVerdict>[] isps =
        [
            .. verdicts.GroupBy(v => v.Cell.Asn).Where(isp => UnitCase.CertainGroups(isp.SelectMany(v => v.Units).Where(u => u.Scored > 0)) >= 2)
                .OrderBy(isp => isp.Key),
        ];
        var decided = isps.SelectMany((isp, i) => isp.Select(v => (v.Cell.Target, Isp: i, Verdict: v, Blocked: Decide(v)))).Where(c => c.Blocked is not null)
            .ToLookup(c => c.Target, StringComparer.Ordinal);
        // Where most of the providers were looked at; of few providers, at three.
        var enough = Math.Max(FewestIsps, (isps.Length + 1) / 2);
        string[] targets = [.. decided.Where(t => t.Count() >= enough).Select(t => t.Key).Order(StringComparer.Ordinal)];
        var blocked = new bool?[targets.Length, isps.Length];
        var cells = new BlockedCell?[targets.Length, isps.Length];
        for (var d = 0; d < targets.Length; d++)
            foreach (var cell in decided[targets[d]])
            {
                blocked[d, cell.Isp] = cell.Blocked;
                if (cell.Blocked == true)
                    cells[d, cell.Isp] = CellOf(cell.Verdict);
            }
        var columns = isps.Select((isp, i) => new IspColumn(isp.Key, [.. Enumerable.Range(0, targets.Length).Select(d => cells[d, i]).OfType<BlockedCell>()]));
        return new([.. columns], targets, [.. targets.Select(t => categories.GetValueOrDefault(t))], blocked, cells,
            verdicts.Where(v => v.Units.Count > 0).Select(v => v.Cell.Asn).Distinct().Count(), verdicts.Select(v => v.Cell.Target).Distinct(StringComparer.Ordinal).Count());
    }

    static BlockedCell CellOf(CellVerdict verdict) =>
        BlockedCell.Of(verdict.Units.Where(u => u.IsWitness).SelectMany(u => u.Sights.Where(s => s.Outcome.IsInterference()).Select(s => (u.Group, s))));

    static bool? Decide(CellVerdict verdict) => verdict.Cell.State switch
    {
        CellState.Blocked or CellState.LikelyBlocked => StandsWithoutAnyGroup(verdict) ? true : null,
        CellState.Ok => false,
        _ => null,
    };

    static bool StandsWithoutAnyGroup(CellVerdict verdict)
    {
        var groups = verdict.Units.Where(u => u.IsWitness).Select(u => u.Group).Distinct().ToArray();
        return groups.Length >= 2 && groups.All(left => CellTally.PosteriorOf([.. verdict.Units.Where(u => u.Group != left)]) >= WithoutAGroup);
    }
}
