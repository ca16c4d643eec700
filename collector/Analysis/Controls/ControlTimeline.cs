using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Controls;

/// <summary>One control measurement of the target.</summary>
/// <param name="Network">Which network it was made from: controls in one network are one voice.</param>
sealed record ControlSight(DateTimeOffset Time, Guid Uid, string Network, Observation Observation)
{
    public static ControlSight Of(StoredMeasurement measurement, Observation observation) => new(
        measurement.Time,
        measurement.Uid,
        measurement.Asn > 0 ? $"AS{measurement.Asn}" : Convert.ToHexStringLower(measurement.Unit),
        observation);

    /// <summary>A control whose own references fail is no control.</summary>
    public bool IsControl => Observation.References.All(r => r.Failure == FailureCodes.None);
}

/// <summary>The control measurements of one target, and what they said around any moment.</summary>
sealed class ControlTimeline
{
    /// <summary>How far from a measurement its controls may be.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromHours(24);

    /// <summary>How long before a volunteer's failure a control's test may be; what volunteers deliver late, controls test then.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(30);

    // Measurements of one such slice share a view, so that a day costs the same however many it has.
    static readonly long Slice = TimeSpan.FromMinutes(10).Ticks;

    readonly ControlSight[] _sights;
    readonly Dictionary<long, ControlView> _views = [];

    public ControlTimeline(IEnumerable<ControlSight> sights)
    {
        _sights = [.. sights.Where(s => s.IsControl).OrderBy(s => s.Time).ThenBy(s => s.Uid)];
    }

    public static ControlTimeline Empty { get; } = new([]);

    public IReadOnlyList<ControlSight> Sights => _sights;

    public ControlView At(DateTimeOffset time)
    {
        if (_sights.Length == 0)
            return ControlView.Empty;
        var slice = time.UtcTicks / Slice;
        if (!_views.TryGetValue(slice, out var view))
            _views[slice] = view = Build(new DateTimeOffset(slice * Slice + Slice / 2, TimeSpan.Zero));
        return view;
    }

    ControlView Build(DateTimeOffset moment)
    {
        var votes = new ControlVotes();
        var knowledge = new ControlKnowledge();
        foreach (var sight in _sights.Where(s => (s.Time - moment).Duration() <= Reach).OrderBy(s => (s.Time - moment).Duration()))
            ControlFacts.Add(sight, votes, knowledge, lately: sight.Time >= moment - Fresh);
        return new(votes, knowledge);
    }
}
