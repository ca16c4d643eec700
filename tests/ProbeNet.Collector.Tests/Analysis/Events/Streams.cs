using ProbeNet.Collector.Analysis.Events;

namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>Sights of one target at one provider, made from a plan that knows nothing of the detector, and what is said of them when.</summary>
static class Streams
{
    // Collector:Tasks as they are by default.
    const double ShortestWait = 1.0 / 12, LongestWait = 1;
    const int AskedAnHour = 2;

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is found once everything has arrived.</summary>
    public static IReadOnlyList<ChangePoint> Changes(StreamPlan plan, Random random, int days, double? from = null, double until = double.MaxValue)
    {
        var world = new StreamWorld(plan, random, days, from, until);
        return plan.Asks ? Asked(world, plan, random, days).Changes : ChangeDetector.Find(Make(world, plan, random, days).Select(s => s.Sight));
    }

    /// <summary>When the collector, with what had arrived by then, would first have said that it is blocked; null within the horizon.</summary>
    public static double? DelayHours(StreamPlan plan, Random random, int days, double from, double horizon)
    {
        var begin = Start.AddHours(from);
        var world = new StreamWorld(plan, random, days, from);
        if (plan.Asks)
            return Asked(world, plan, random, days).Changes.FirstOrDefault(c => c.Kind == ChangeKind.Onset && c.DetectedAt >= begin) is { } onset
                && onset.DetectedAt < begin.AddHours(horizon) ? (onset.DetectedAt - begin).TotalHours : null;
        var sights = Make(world, plan, random, days);
        foreach (var now in sights.Select(s => s.Arrives).Where(a => a >= begin && a < begin.AddHours(horizon)).Distinct().Order())
            if (ChangeDetector.Find(sights.Where(s => s.Arrives <= now).Select(s => s.Sight)).Any(c => c.Kind == ChangeKind.Onset && c.DetectedAt >= begin))
                return (now - begin).TotalHours;
        return null;
    }

    static (SeriesSight Sight, DateTimeOffset Arrives)[] Make(StreamWorld world, StreamPlan plan, Random random, int days)
    {
        var sights = new List<(SeriesSight Sight, DateTimeOffset Arrives)>();
        for (var home = 0; home < plan.Units; home++)
        {
            var contact = 0.0;
            for (var at = random.NextDouble() * plan.PeriodHours; at < days * 24.0; at += Period(plan, random))
            {
                while (plan.UploadHours > 0 && contact < at)
                    contact += plan.UploadHours * random.NextDouble();
                if (world.Look(home, at) is { } sight)
                    sights.Add((sight, Start.AddHours(Math.Max(at, contact))));
            }
        }
        return [.. sights.OrderBy(s => s.Sight.Time)];
    }

    /// <summary>Standing agents, who are also asked: as long as something is in doubt, one that has not looked after the other.</summary>
    static ChangeDetector Asked(StreamWorld world, StreamPlan plan, Random random, int days)
    {
        var detector = ChangeDetector.Over([]);
        var turns = new PriorityQueue<int, double>();
        for (var home = 0; home < plan.Units; home++)
            turns.Enqueue(home, random.NextDouble() * plan.PeriodHours);
        var asked = new HashSet<(int Home, int Day)>();
        var hours = new Dictionary<int, int>();
        (DateTimeOffset Since, double Due)? doubt = null;
        while (turns.TryPeek(out var home, out var at) && at < days * 24.0)
        {
            if (doubt?.Due < at)
            {
                Ask(doubt.Value.Due);
                continue;
            }
            turns.Dequeue();
            turns.Enqueue(home, at + Period(plan, random));
            See(home, at);
        }
        return detector;

        void See(int home, double at)
        {
            if (world.Look(home, at) is { } sight)
                detector.Add(sight);
            if (detector.Question is not { } question)
                doubt = null;
            else if (question.Since != doubt?.Since)
                doubt = (question.Since, Math.Max(at, (question.Since - Start).TotalHours) + Wait());
        }

        void Ask(double at)
        {
            var (day, hour) = ((int)(at / 24), (int)at);
            var unheard = detector.Question is null ? [] : Enumerable.Range(0, plan.Units).Where(h => !detector.Question.Heard.Contains(StreamWorld.TagOf(h)) && !asked.Contains((h, day))).ToArray();
            doubt = doubt!.Value with { Due = at + Wait() };
            if (unheard.Length == 0 || hours.GetValueOrDefault(hour) >= AskedAnHour)
                return;
            hours[hour] = hours.GetValueOrDefault(hour) + 1;
            var chosen = unheard[random.Next(unheard.Length)];
            asked.Add((chosen, day));
            See(chosen, at);
        }

        double Wait() => ShortestWait + ((LongestWait - ShortestWait) * random.NextDouble());
    }

    static double Period(StreamPlan plan, Random random) => plan.PeriodHours * (0.9 + 0.2 * random.NextDouble());
}
