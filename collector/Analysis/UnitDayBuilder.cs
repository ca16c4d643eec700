using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis;

/// <summary>Gathers the judged measurements of a host's day into unit days. The order in which they come does not matter.</summary>
sealed class UnitDayBuilder(string cc, string host, DateOnly day, IReadOnlySet<string> pages)
{
    readonly Dictionary<(string Target, long Asn, UnitTag Unit, AsnSource Source), List<(StoredMeasurement Measurement, Sight Sight)>> _units = [];
    readonly HashSet<string> _strays = new(StringComparer.Ordinal);

    /// <summary>Marks of wrong answers and pages that the measurements showed.</summary>
    public IReadOnlyCollection<string> Strays => _strays;

    public void Add(StoredMeasurement measurement, int grain, Judgement judgement)
    {
        var key = (pages.Contains(measurement.Input) ? measurement.Input : host, measurement.Asn, new UnitTag(measurement.Unit), measurement.AsnSource);
        if (!_units.TryGetValue(key, out var own))
            _units[key] = own = [];
        // The details are not needed any more, and a day may have many.
        own.Add((measurement with { Details = [] }, Sight.Of(measurement.Time, grain, measurement.Reason, judgement.Finding)));
        _strays.UnionWith(judgement.Strays);
    }

    public IReadOnlyList<UnitDay> Build() =>
    [
        .. _units.OrderBy(u => u.Key.Target, StringComparer.Ordinal).ThenBy(u => u.Key.Asn).ThenBy(u => u.Key.Unit).ThenBy(u => u.Key.Source).Select(u =>
        {
            var ordered = u.Value.OrderBy(m => m.Measurement.Time).ThenBy(m => m.Measurement.Uid).ToArray();
            return new UnitDay
            {
                Day = day,
                Cc = cc,
                Asn = u.Key.Asn,
                Host = host,
                Target = u.Key.Target,
                Unit = u.Key.Unit,
                // A unit whose redemption was found to share a line has two tags on that day; the later holds.
                Group = new(ordered[^1].Measurement.Group),
                AsnSource = u.Key.Source,
                Access = ordered[^1].Measurement.Access,
                Sights = [.. ordered.Select(m => m.Sight)],
                Witness = ordered.OrderBy(m => Rank(m.Sight.Outcome)).ThenBy(m => m.Measurement.Time).ThenBy(m => m.Measurement.Uid).First().Measurement.Uid,
            };
        }),
    ];

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
