using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;

namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>Sights of one target at one provider, made from a plan that knows nothing of the detector.</summary>
static class Streams
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    static readonly UnitTag[] Tags = [.. Enumerable.Range(0, 8).Select(i => new UnitTag([(byte)i]))];

    /// <param name="from">Hours after the start at which the block begins; null for none.</param>
    public static IReadOnlyList<(SeriesSight Sight, DateTimeOffset Arrives)> Make(StreamPlan plan, Random random, int days, double? from = null, double until = double.MaxValue)
    {
        var hours = days * 24.0;
        var outages = Spans(random, hours, StreamPlan.SiteOutagesEveryDays, StreamPlan.SiteOutageHours).Where(_ => random.NextDouble() > StreamPlan.Noticed).ToArray();
        var sights = new List<(SeriesSight, DateTimeOffset)>();
        for (var unit = 0; unit < plan.Units; unit++)
        {
            var tunnel = random.NextDouble() < StreamPlan.Tunnels;
            var filter = random.NextDouble() < StreamPlan.HomeFilters;
            var bursts = Spans(random, hours, StreamPlan.BurstsEveryDays, StreamPlan.BurstHours).ToArray();
            var contact = 0.0;
            for (var at = random.NextDouble() * plan.PeriodHours; at < hours; at += plan.PeriodHours * (0.9 + 0.2 * random.NextDouble()))
            {
                // Half of what fails in a burst fails its references too and is no sight.
                var burst = bursts.Any(b => at >= b && at < b + StreamPlan.BurstHours) && random.NextDouble() < 0.5;
                if (burst && random.NextDouble() < 0.85)
                    continue;
                var bad = burst || filter || outages.Any(o => at >= o && at < o + StreamPlan.SiteOutageHours)
                    || (!tunnel && at >= from && at < until && random.NextDouble() < plan.Share) || random.NextDouble() < plan.Noise;
                while (plan.UploadHours > 0 && contact < at)
                    contact += plan.UploadHours * random.NextDouble();
                sights.Add((new(Start.AddHours(at), Tags[unit], bad, false), Start.AddHours(Math.Max(at, contact))));
            }
        }
        return [.. sights.OrderBy(s => s.Item1.Time)];
    }

    /// <summary>When the collector, with what had arrived by then, would first have said so; null within the horizon.</summary>
    public static double? DelayHours(IReadOnlyList<(SeriesSight Sight, DateTimeOffset Arrives)> sights, double from, double horizon, Func<ChangePoint, bool> said)
    {
        var begin = Start.AddHours(from);
        foreach (var now in sights.Select(s => s.Arrives).Where(a => a >= begin && a < begin.AddHours(horizon)).Distinct().Order())
            if (ChangeDetector.Find(sights.Where(s => s.Arrives <= now).Select(s => s.Sight)).Any(c => c.Kind == ChangeKind.Onset && c.DetectedAt >= begin && said(c)))
                return (now - begin).TotalHours;
        return null;
    }

    static IEnumerable<double> Spans(Random random, double hours, double everyDays, double length)
    {
        for (var at = -everyDays * 24 * Math.Log(1 - random.NextDouble()); at < hours; at += length - everyDays * 24 * Math.Log(1 - random.NextDouble()))
            yield return at;
    }
}
