using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>When one provider's own pattern gave way to the common one.</summary>
static class MoveDetector
{
    // Shares of the new pattern: before, after, and in a group that shows it.
    const double Before = 0.25;
    const double After = 0.5;
    const double InAGroup = 0.25;
    const int FewestGroups = 2;
    const int FewestDays = 3;

    /// <returns>Null where it did not: fewer than two groups show it, it has not lasted, or the old pattern still has more.</returns>
    public static Move? Find(ProviderTraces provider, FrozenBaseline baseline, CommonPattern common)
    {
        var line = Line(provider, baseline, common);
        var at = SplitOf(line);
        if (at >= line.Length)
            return null;
        var (before, after) = (line[..at], line[at..]);
        if (ShareOf(before) > Before || ShareOf(after) < After || after.Where(s => s.New).Select(s => s.Day).Distinct().Count() < FewestDays)
            return null;
        // Epoch by epoch: across its end nobody can tell who is who.
        var groups = Certain(after.Where(s => s.Group is not null).GroupBy(s => (s.Epoch, s.Group)).Where(g => ShareOf([.. g]) >= InAGroup).Select(g => g.Key.Epoch));
        if (groups < FewestGroups)
            return null;
        var first = after.First(s => s.New);
        return new(
            provider.Asn,
            new(before.Length == 0 ? null : before[^1].Time, first.Time.AddSeconds(first.Grain)),
            null,
            Certain(after.Where(s => s.New).Select(s => (s.Epoch, s.Unit)).Distinct().Select(s => s.Epoch)),
            groups);
    }

    /// <summary>Sights that tell the two patterns apart. Where nothing was blocked before, a page that was reached is the old pattern.</summary>
    static Seen[] Line(ProviderTraces provider, FrozenBaseline baseline, CommonPattern common)
    {
        var told = provider.Traces.Select(t => (Trace: t, New: common.IsNew(t, baseline))).Where(t => t.New is not null).ToArray();
        var line = told.Select(t => new Seen(t.Trace.Time, t.Trace.Grain, t.Trace.Epoch, t.Trace.Group, t.Trace.Unit, t.New!.Value, t.Trace.Weight));
        if (baseline.Signature.IsEmpty)
        {
            var moved = told.Where(t => t.New == true).Select(t => t.Trace.Target).ToHashSet(StringComparer.Ordinal);
            var open = provider.Passed.Where(p => moved.Contains(p.Target)).ToArray();
            var weight = open.Length == 0 ? 0 : told.Sum(t => t.Trace.Weight) / told.Length;
            line = line.Concat(open.Select(p => new Seen(p.Time, 0, 0, null, null, New: false, weight)));
        }
        return [.. line.OrderBy(s => s.Time)];
    }

    /// <summary>Where the new begins: the split that leaves least of the new before and of the old after it.</summary>
    static int SplitOf(Seen[] line)
    {
        // Moving the split over a sight of the old gains it, over one of the new loses it.
        double score = 0, best = 0;
        var at = 0;
        for (var i = 0; i < line.Length; i++)
        {
            score += line[i].New ? -line[i].Weight : line[i].Weight;
            if (score > best)
                (best, at) = (score, i + 1);
        }
        return at;
    }

    static double ShareOf(Seen[] seen)
    {
        var total = seen.Sum(s => s.Weight);
        return total == 0 ? 0 : seen.Where(s => s.New).Sum(s => s.Weight) / total;
    }

    static int Certain(IEnumerable<uint> epochs) => epochs.GroupBy(e => e).Select(g => g.Count()).DefaultIfEmpty().Max();

    readonly record struct Seen(DateTimeOffset Time, int Grain, uint Epoch, UnitTag? Group, UnitTag? Unit, bool New, double Weight)
    {
        public DateOnly Day => DateOnly.FromDateTime(Time.UtcDateTime);
    }
}
