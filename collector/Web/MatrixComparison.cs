using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Two matrices of as many days each: which cells say something else than then.</summary>
/// <param name="Then">The earlier days.</param>
/// <param name="Wanted">The cells that a filter leaves at either time; null for all.</param>
sealed record MatrixComparison(MatrixView Then, MatrixView Now, IReadOnlySet<(string Domain, long Asn)>? Wanted)
{
    readonly Dictionary<(string, long), CellView> _then = Then.Cells.ToDictionary(cell => (cell.Domain, cell.Asn));
    readonly Dictionary<(string, long), CellView> _now = Now.Cells.ToDictionary(cell => (cell.Domain, cell.Asn));

    public IReadOnlyList<IspView> Isps { get; } = [.. Now.Isps.UnionBy(Then.Isps, isp => isp.Asn).OrderBy(isp => isp.Asn)];

    /// <summary>What changed at most providers first.</summary>
    public IReadOnlyList<(TargetView Target, int Changed)> Targets =>
    [
        .. Now.Targets.UnionBy(Then.Targets, target => target.Domain).Where(target => Isps.Any(isp => Holds(target.Domain, isp.Asn))).Select(target => (target, Changed: Isps.Count(isp => Of(target.Domain, isp.Asn).Change == CellChange.Changed)))
            .OrderByDescending(row => row.Changed).ThenBy(row => row.target.Domain, StringComparer.Ordinal),
    ];

    /// <summary>Cells with enough data both times, and those of them that changed.</summary>
    public (int Comparable, int Changed) Counts
    {
        get
        {
            var changes = _now.Keys.Union(_then.Keys).Where(key => Holds(key.Item1, key.Item2)).Select(key => Of(key.Item1, key.Item2).Change).ToList();
            return (changes.Count(change => change != CellChange.Unknown), changes.Count(change => change == CellChange.Changed));
        }
    }

    public (CellView? Then, CellView? Now, CellChange Change) Of(string domain, long asn)
    {
        var (then, now) = (_then.GetValueOrDefault((domain, asn)), _now.GetValueOrDefault((domain, asn)));
        var change = then is null or { State: CellState.Insufficient } || now is null or { State: CellState.Insufficient } ? CellChange.Unknown
            : then.State != now.State || Way(then) != Way(now) ? CellChange.Changed : CellChange.Same;
        return (then, now, change);
    }

    public bool Holds(string domain, long asn) => Wanted?.Contains((domain, asn)) ?? true;

    // The strongest mechanism; what lists several may list them otherwise by chance.
    static string? Way(CellView cell) => cell.Mechanisms is [var first, ..] ? first : null;
}

enum CellChange
{
    /// <summary>Without enough data at one of the two times nothing is known to have changed.</summary>
    Unknown,
    Same,
    Changed,
}
