using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Analysis.Moves;

namespace ProbeNet.Collector.Analysis.Worlds;

/// <summary>The whole analysis over a world. The same world gives the same result.</summary>
sealed record WorldAnalysis(
    World World, CellWindow Window, IReadOnlyList<Cell> Cells, IReadOnlyList<AttributedEvent> Events, CountryVerdict Attribution, MoveReport Moves)
{
    public static WorldAnalysis Of(World world, CellRules rules)
    {
        var days = WorldDays.Of(world);
        var verdicts = CellSet.Judge(days, rules);
        return new(
            world, WindowOf(days), Dense(world, days, [.. verdicts.Select(v => v.Cell)]), Attributed(days, rules), AttributionJudge.Judge(verdicts, Categories(world)),
            MovesOf(world, days));
    }

    static AttributedEvent[] Attributed(IReadOnlyList<UnitDay> days, CellRules rules)
    {
        var ofTarget = days.ToLookup(d => d.Target, StringComparer.Ordinal);
        return [.. EventSet.Of(days, rules).Select(e => new AttributedEvent(e, EventJudge.Of(e, [.. ofTarget[e.Target]])))];
    }

    /// <summary>The moves of a world; each provider's baseline is frozen when its period is over.</summary>
    public static MoveReport MovesOf(World world, IReadOnlyList<UnitDay> days)
    {
        var until = WindowOf(days).Until;
        var providers = days.GroupBy(d => d.Asn).OrderBy(g => g.Key).Select(g => ProviderTraces.Of(g.Key, g))
            .Select(p => (Provider: p, Period: FrozenBaseline.PeriodOf(p.Watched, until))).Where(p => p.Period is not null)
            .Select(p => (p.Provider, FrozenBaseline.Of(world.Header.Cc, p.Provider, p.Period!, p.Period!.Until, FrozenBaseline.RulesOf(""))));
        return MoveSet.Of([.. providers], world.Header.Calendar);
    }

    /// <summary>The category code of each target that has one; the first said counts.</summary>
    public static IReadOnlyDictionary<string, string> Categories(World world)
    {
        var categories = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var seen in world.Observations)
            if (seen.CategoryCode is { } code)
                categories.TryAdd(seen.Domain, code);
        return categories;
    }

    static CellWindow WindowOf(IReadOnlyList<UnitDay> days) => days.Count == 0
        ? new(DateOnly.MinValue, DateOnly.MinValue) : new(days.Min(d => d.Day), days.Max(d => d.Day).AddDays(1));

    /// <summary>Every target at every provider: what nobody measured is insufficient, never left out.</summary>
    static Cell[] Dense(World world, IReadOnlyList<UnitDay> days, IReadOnlyList<Cell> measured)
    {
        var known = measured.ToDictionary(c => (c.Target, c.Asn));
        var busy = days.Select(d => d.Asn).ToHashSet();
        long[] isps = [.. world.Header.Isps.Select(i => i.Asn).Union(busy).Order()];
        return
        [
            .. days.Select(d => d.Target).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).SelectMany(target => isps.Select(asn =>
                known.GetValueOrDefault((target, asn)) ?? CellJudge.Unmeasured(world.Header.Cc, target, asn, busy.Contains(asn)).Cell)),
        ];
    }
}

/// <param name="Organisation">How its providers block; null of an end and of what is withheld.</param>
sealed record AttributedEvent(BlockEvent Event, TargetVerdict? Organisation);
