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

    BlockTable(IspColumn[] isps, string[] targets, string?[] categories, bool?[,] blocked, int ispsSeen, int targetsSeen) =>
        (Isps, Targets, Categories, _blocked, IspsSeen, TargetsSeen) = (isps, targets, categories, blocked, ispsSeen, targetsSeen);

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
        var columns = isps.Select(isp => new IspColumn(isp.Key)).ToArray();
        for (var d = 0; d < targets.Length; d++)
            foreach (var cell in decided[targets[d]])
            {
                blocked[d, cell.Isp] = cell.Blocked;
                if (cell.Blocked == true)
                    columns[cell.Isp].Add(cell.Verdict);
            }
        return new(columns, targets, [.. targets.Select(t => categories.GetValueOrDefault(t))], blocked,
            verdicts.Where(v => v.Units.Count > 0).Select(v => v.Cell.Asn).Distinct().Count(), verdicts.Select(v => v.Cell.Target).Distinct(StringComparer.Ordinal).Count());
    }

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

/// <summary>One provider: how it blocks and where.</summary>
sealed class IspColumn(long asn)
{
    // Places that two targets or two homes show; a lone one may be an error of the test.
    const int FewestPlaces = 2;
    const double PlaceShare = 0.6;

    readonly Dictionary<string, double> _profile = new(StringComparer.Ordinal);
    readonly Dictionary<long, int> _places = [];
    double _inPath, _dns;

    public long Asn => asn;

    public int Blocked { get; private set; }

    /// <summary>Marks of its blocking and their shares; empty where nothing is blocked.</summary>
    public IReadOnlyDictionary<string, double> Profile => _profile.ToDictionary(p => p.Key, p => p.Value / Blocked, StringComparer.Ordinal);

    /// <summary>The network that most of its located blocking is in; null where it is not located or inconsistent.</summary>
    public long? Place
    {
        get
        {
            var total = _places.Values.Sum();
            var (place, count) = _places.OrderByDescending(p => p.Value).ThenBy(p => p.Key).FirstOrDefault();
            return total >= FewestPlaces && count >= PlaceShare * total ? place : null;
        }
    }

    /// <summary>DNS answers are false in the path and not at the provider's resolver; null without DNS blocking.</summary>
    public bool? InPath => _dns < 1 ? null : _inPath >= _dns / 2;

    public void Add(CellVerdict verdict)
    {
        Blocked++;
        Sight[] seen = [.. verdict.Units.Where(u => u.IsWitness).SelectMany(u => u.Sights).Where(s => s.Outcome.IsInterference())];
        foreach (var sight in seen)
        {
            var mark = BlockMark.Of(sight);
            _profile[mark] = _profile.GetValueOrDefault(mark) + 1.0 / seen.Length;
            if (sight.HopAsn is { } place)
                _places[place] = _places.GetValueOrDefault(place) + 1;
        }
        var answers = seen.SelectMany(s => s.Mechanisms.Take(1)).Where(m => m.Name.StartsWith("dns.", StringComparison.Ordinal)).ToArray();
        _dns += (double)answers.Length / seen.Length;
        _inPath += (double)answers.Count(m => m.Via == Vias.Path) / seen.Length;
    }
}
