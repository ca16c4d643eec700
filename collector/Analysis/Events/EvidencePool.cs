using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>
/// A cumulative sum over groups, each within bounds, that starts anew when it falls to nothing (analysis 3.2). The common
/// start is what keeps one home's standing fault from waiting for another's accident.
/// </summary>
sealed class EvidencePool
{
    const double Least = -3;
    const double Most = 5.65;

    /// <summary>From which a group has said enough.</summary>
    public const double Strong = 2;

    const int FewestGroups = 2;

    static readonly TimeSpan Gap = TimeSpan.FromHours(24);
    static readonly TimeSpan HalfLife = TimeSpan.FromHours(48);

    readonly Dictionary<UnitTag, double> _groups = [];
    DateTimeOffset _last;

    /// <summary>Time of the first sight that counts; null when there is none.</summary>
    public DateTimeOffset? Start { get; private set; }

    /// <summary>Those that have said something since the start.</summary>
    public IReadOnlyCollection<UnitTag> Groups => _groups.Keys;

    public void Add(in SeriesSight sight, double evidence)
    {
        if (Start is null && evidence <= 0)
            return;
        if (Start is not null && sight.Time - _last > Gap)
            Fade(Math.Pow(0.5, (sight.Time - _last) / HalfLife));
        Start ??= sight.Time;
        _last = sight.Time;
        _groups[sight.Group] = Math.Clamp(_groups.GetValueOrDefault(sight.Group) + evidence, Least, Most);
        if (_groups.Values.Sum() <= 0)
            Clear();
    }

    public bool Passes(double bar, TimeSpan span) =>
        Start is { } start && _last - start >= span && _groups.Values.Sum() >= bar && _groups.Values.Count(v => v >= Strong) >= FewestGroups;

    public void Clear()
    {
        _groups.Clear();
        Start = null;
    }

    // What was seen long ago says less of today.
    void Fade(double by)
    {
        foreach (var group in _groups.Keys)
            _groups[group] *= by;
    }
}
