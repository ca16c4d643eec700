using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;

namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>One target at one provider: who lives there, what goes wrong when, and what any home would see at any hour.</summary>
sealed class StreamWorld
{
    static readonly UnitTag[] Tags = [.. Enumerable.Range(0, 8).Select(i => new UnitTag([(byte)i]))];

    readonly StreamPlan _plan;
    readonly Random _random;
    readonly double? _from;
    readonly double _until;
    readonly double[] _outages;
    readonly Home[] _homes;

    public StreamWorld(StreamPlan plan, Random random, int days, double? from = null, double until = double.MaxValue)
    {
        (_plan, _random, _from, _until) = (plan, random, from, until);
        var hours = days * 24.0;
        _outages = [.. Spans(random, hours, plan.SiteOutagesEveryDays, plan.SiteOutageHours).Where(_ => random.NextDouble() > StreamPlan.Noticed)];
        _homes = [.. Enumerable.Range(0, plan.Units).Select(_ => new Home(random.NextDouble() < plan.Tunnels, random.NextDouble() < plan.HomeFilters, [.. Spans(random, hours, plan.BurstsEveryDays, plan.BurstHours)]))];
    }

    public static UnitTag TagOf(int home) => Tags[home];

    /// <returns>Null where the measurement is discarded.</returns>
    public SeriesSight? Look(int home, double at)
    {
        var (tunnel, filter, bursts) = _homes[home];
        // Most of what fails in a burst fails its references too and is no sight.
        var burst = Array.Exists(bursts, b => at >= b && at < b + _plan.BurstHours) && _random.NextDouble() < 0.5;
        if (burst && _random.NextDouble() < 0.85)
            return null;
        var bad = burst || filter || Array.Exists(_outages, o => at >= o && at < o + _plan.SiteOutageHours)
            || (!tunnel && at >= _from && at < _until && _random.NextDouble() < _plan.Share) || _random.NextDouble() < _plan.Noise;
        return new(Streams.Start.AddHours(at), Tags[home], bad, false);
    }

    static IEnumerable<double> Spans(Random random, double hours, double everyDays, double length)
    {
        for (var at = -everyDays * 24 * Math.Log(1 - random.NextDouble()); at < hours; at += length - everyDays * 24 * Math.Log(1 - random.NextDouble()))
            yield return at;
    }

    readonly record struct Home(bool Tunnel, bool Filter, double[] Bursts);
}
