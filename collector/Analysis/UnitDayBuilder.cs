using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis;

/// <summary>What a unit day is one of: the same in the store's key.</summary>
sealed record UnitDayKey(string Target, long Asn, UnitTag Unit, AsnSource Source);

/// <summary>
/// Gathers the judged measurements of a host's day into unit days. The order in which they come does not matter, nor whether some
/// come as a unit day made before.
/// </summary>
sealed class UnitDayBuilder(string cc, string host, DateOnly day, IReadOnlySet<string> pages)
{
    readonly Dictionary<UnitDayKey, Gathered> _units = [];
    readonly HashSet<string> _strays = new(StringComparer.Ordinal);

    /// <summary>Marks of wrong answers and pages that the measurements showed.</summary>
    public IReadOnlyCollection<string> Strays => _strays;

    public IReadOnlyCollection<UnitDayKey> Keys => _units.Keys;

    public void Add(StoredMeasurement measurement, int grain, Judgement judgement)
    {
        var sight = Sight.Of(measurement.Time, grain, measurement.Reason, judgement.Finding);
        Of(new(pages.Contains(measurement.Input) ? measurement.Input : host, measurement.Asn, new UnitTag(measurement.Unit), measurement.AsnSource))
            .Add(sight, new(measurement.Group), measurement.Access, measurement.Uid);
        _strays.UnionWith(judgement.Strays);
    }

    /// <summary>What was gathered of the unit before.</summary>
    public void Add(UnitDay before) => Of(new(before.Target, before.Asn, before.Unit, before.AsnSource)).Add(before);

    public IReadOnlyList<UnitDay> Build() =>
    [
        .. _units.OrderBy(u => u.Key.Target, StringComparer.Ordinal).ThenBy(u => u.Key.Asn).ThenBy(u => u.Key.Unit).ThenBy(u => u.Key.Source)
            .Select(u => u.Value.Build(u.Key, cc, host, day)),
    ];

    /// <summary>Lets go of what was gathered; it may be much.</summary>
    public void Clear() => _units.Clear();

    Gathered Of(UnitDayKey key)
    {
        if (!_units.TryGetValue(key, out var own))
            _units[key] = own = new();
        return own;
    }

    sealed class Gathered
    {
        readonly List<Sight> _sights = [];
        (DateTimeOffset Time, UnitTag Tag)? _group;
        (DateTimeOffset Time, Access Access)? _access;
        (int Rank, DateTimeOffset Time, Guid Uid)? _witness;

        public void Add(Sight sight, UnitTag group, Access access, Guid uid)
        {
            _sights.Add(sight);
            Note(sight.Time, group, access);
            Note((Rank(sight.Outcome), sight.Time, uid));
        }

        public void Add(UnitDay before)
        {
            _sights.AddRange(before.Sights);
            Note(before.Sights[^1].Time, before.Group, before.Access);
            var best = before.Sights.MinBy(s => Rank(s.Outcome))!;
            Note((Rank(best.Outcome), best.Time, before.Witness));
        }

        public UnitDay Build(UnitDayKey key, string cc, string host, DateOnly day)
        {
            _sights.Sort(Cells.Sights.Compare);
            return new()
            {
                Day = day,
                Cc = cc,
                Asn = key.Asn,
                Host = host,
                Target = key.Target,
                Unit = key.Unit,
                Group = _group!.Value.Tag,
                AsnSource = key.Source,
                Access = _access!.Value.Access,
                Sights = _sights,
                Witness = _witness!.Value.Uid,
            };
        }

        // A unit whose redemption was found to share a line has two tags on that day; the later holds.
        void Note(DateTimeOffset time, UnitTag group, Access access)
        {
            if (_group is not { } g || time > g.Time || (time == g.Time && group > g.Tag))
                _group = (time, group);
            if (_access is not { } a || (time, access).CompareTo(a) > 0)
                _access = (time, access);
        }

        void Note((int, DateTimeOffset, Guid) witness)
        {
            if (_witness is not { } w || witness.CompareTo(w) < 0)
                _witness = witness;
        }
    }

    static int Rank(Outcome outcome) => outcome switch
    {
        Outcome.Artefact => 0,
        Outcome.Anomaly => 1,
        Outcome.Slow => 2,
        Outcome.Refused => 3,
        Outcome.Down => 4,
        Outcome.Ok => 5,
        _ => 6,
    };
}
