using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>Finds onsets and ends in the sights of one target at one provider, sight by sight in order of time.</summary>
sealed class ChangeDetector(double baseline)
{
    const double OnsetBar = 8.2;
    const double ConfirmBar = 7;
    const double EndBar = 6.5;

    // A block may let half of the measurements through: one that passes says little of its end.
    const double Partial = 0.5;

    // Good sights before an onset: with fewer, nobody knows that it was open.
    const int FewestGood = 3;

    // Shares of failures, of a home and of the others; the last ten sights or so count.
    const double Recent = 0.1;
    const double Habit = 0.4;
    const double Elsewhere = 0.15;

    static readonly TimeSpan OnsetSpan = TimeSpan.FromMinutes(15);
    static readonly TimeSpan EndSpan = TimeSpan.FromHours(2);
    static readonly TimeSpan ConfirmAfter = TimeSpan.FromHours(2);
    static readonly TimeSpan Roll = TimeSpan.FromHours(24);

    readonly double _proof = Evidence.OfUnit(1, 1, artefact: true, baseline);
    readonly double _anomaly = Evidence.OfUnit(1, 1, artefact: false, baseline);
    readonly double _open = Evidence.OfUnit(0, 1, artefact: false, baseline);
    readonly double _passed = Math.Log((1 - baseline) / Partial);
    readonly double _stopped = Math.Log(baseline / Partial);
    readonly EvidencePool _onset = new(), _confirmation = new(), _end = new();
    readonly List<ChangePoint> _changes = [];
    readonly Dictionary<UnitTag, double> _habits = [];
    readonly HashSet<UnitTag> _witnesses = [], _bystanders = [];
    readonly Onlookers _onlookers = new(baseline);
    DateTimeOffset? _lastGood, _lastBad, _goodBeforeOnset, _badBeforeEnd;
    int _good, _goodAtStart;

    public IReadOnlyList<ChangePoint> Changes => _changes;

    /// <summary>A bar was passed and no end seen since.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>What is in doubt after the last sight, and who has not said anything to it; null when nothing is.</summary>
    public OpenQuestion? Question
    {
        get
        {
            if (!IsBlocked)
                return _onset.Start is { } start ? Asked(start, _onset, _habits.Keys.Where(IsHabit)) : null;
            if (_end.Start is { } end)
                return Asked(end, _end, _bystanders);
            return _changes[^1] is { ConfirmedAt: null } onset ? Asked(onset.At.Latest + ConfirmAfter, _confirmation, []) : null;
        }
    }

    public static ChangeDetector Over(IEnumerable<SeriesSight> sights, double baseline = Evidence.Baseline)
    {
        var detector = new ChangeDetector(baseline);
        foreach (var sight in sights)
            detector.Add(sight);
        return detector;
    }

    public static IReadOnlyList<ChangePoint> Find(IEnumerable<SeriesSight> sights, double baseline = Evidence.Baseline) => Over(sights, baseline).Changes;

    public void Add(in SeriesSight sight)
    {
        _onlookers.Add(sight);
        var evidence = !sight.Interference ? _open : sight.Artefact ? _proof : _anomaly;
        if (IsBlocked)
            WhileBlocked(sight, evidence);
        else
            WhileOpen(sight, evidence);
        if (sight.Interference)
            _lastBad = sight.Time;
        else
            (_lastGood, _good) = (sight.Time, _good + 1);
    }

    void WhileOpen(in SeriesSight sight, double evidence)
    {
        var isHabit = IsHabit(sight.Group);
        _habits[sight.Group] = _habits.GetValueOrDefault(sight.Group) * (1 - Recent) + (sight.Interference ? Recent : 0);
        if (isHabit)
            return;
        if (_onset.Start is null)
            (_goodBeforeOnset, _goodAtStart) = (_lastGood, _good);
        _onset.Add(sight, evidence);
        if (_onset.Start is null)
            _witnesses.Clear();
        else if (sight.Interference)
            _witnesses.Add(sight.Group);
        if (!_onset.Passes(OnsetBar, OnsetSpan))
            return;
        _changes.Add(new(ChangeKind.Onset, new(_goodAtStart >= FewestGood ? _goodBeforeOnset : null, _onset.Start!.Value), sight.Time, null, Withdrawn: false));
        IsBlocked = true;
        _onset.Clear();
        _end.Clear();
        _confirmation.Clear();
        _bystanders.Clear();
    }

    static OpenQuestion? Asked(DateTimeOffset since, EvidencePool pool, IEnumerable<UnitTag> unfit) =>
        pool.Groups.Count >= OpenQuestion.Homes ? null : new(since, [.. pool.Groups.Union(unfit).Order()], OpenQuestion.Homes - pool.Groups.Count);

    // A home that fails while nobody else does has a filter of its own: that it fails again is no news.
    bool IsHabit(UnitTag group)
    {
        if (_habits.Count < 2 || _habits.GetValueOrDefault(group) < Habit)
            return false;
        double others = 0;
        foreach (var (other, share) in _habits)
            others += other == group ? 0 : share;
        return others / (_habits.Count - 1) < Elsewhere;
    }

    // A home that was there and never saw the block (a tunnel, another resolver) cannot say that it is over.
    bool CanTellTheEnd(in SeriesSight sight, ChangePoint onset)
    {
        if (sight.Interference)
            _witnesses.Add(sight.Group);
        if (_witnesses.Contains(sight.Group))
            return true;
        if (sight.Time - onset.DetectedAt <= Roll)
            _bystanders.Add(sight.Group);
        return !_bystanders.Contains(sight.Group);
    }

    void WhileBlocked(in SeriesSight sight, double evidence)
    {
        var onset = _changes[^1];
        if (onset.ConfirmedAt is null && sight.Time - onset.At.Latest >= ConfirmAfter)
        {
            _confirmation.Add(sight, evidence);
            // Few who see what the others clearly do not confirm nothing, as they make no cell blocked.
            if (_confirmation.Passes(ConfirmBar, TimeSpan.Zero) && !_onlookers.SeeingAreFew(onset.At.Latest, sight.Time))
                _changes[^1] = onset = onset with { ConfirmedAt = sight.Time };
        }
        if (!CanTellTheEnd(sight, onset))
            return;
        if (_end.Start is null)
            _badBeforeEnd = _lastBad;
        _end.Add(sight, sight.Interference ? _stopped : _passed);
        if (!_end.Passes(EndBar, EndSpan))
            return;
        if (onset.ConfirmedAt is null)
            _changes[^1] = onset with { Withdrawn = true };
        else
            _changes.Add(new(ChangeKind.End, new(_badBeforeEnd, _end.Start!.Value), sight.Time, sight.Time, Withdrawn: false));
        IsBlocked = false;
        _onset.Clear();
        _witnesses.Clear();
    }
}
