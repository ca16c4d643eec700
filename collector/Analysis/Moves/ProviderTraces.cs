using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>Everything that one provider's volunteers saw of its blocking, in order of time.</summary>
/// <param name="Traces">Of what is blocked for days; what fails for hours is trouble, not a pattern.</param>
/// <param name="Passed">Sights that reached a target which is among those at another time.</param>
/// <param name="Watched">Days with how many groups looked at anything.</param>
sealed record ProviderTraces(
    long Asn, IReadOnlyList<Trace> Traces, IReadOnlyList<Passed> Passed, IReadOnlyDictionary<DateOnly, int> Watched)
{
    // A unit's day on a target counts where of four such days in a row three or more are blocked.
    const int InARow = 4;
    const int Held = 3;

    /// <param name="days">Of one provider. What only the agent says of its network supports no claim, and is left out.</param>
    public static ProviderTraces Of(long asn, IEnumerable<UnitDay> days)
    {
        var bound = Seniority.Of([.. days.Where(d => d.AsnSource == AsnSource.Bound && d.Scored > 0)]);
        var held = bound.GroupBy(d => (d.Unit, d.Target)).SelectMany(g => HeldOf([.. g.OrderBy(d => d.Day)])).ToArray();
        var targets = held.Select(d => d.Target).ToHashSet(StringComparer.Ordinal);
        return new(
            asn,
            [.. held.GroupBy(d => (d.Group, d.Day)).SelectMany(TracesOf).OrderBy(t => t.Time).ThenBy(t => t.Unit).ThenBy(t => t.Target, StringComparer.Ordinal)],
            [
                .. bound.Where(d => targets.Contains(d.Target)).SelectMany(d => d.Sights.Where(s => s.Outcome == Outcome.Ok).Select(s => new Passed(s.Time, d.Target)))
                    .OrderBy(p => p.Time).ThenBy(p => p.Target, StringComparer.Ordinal),
            ],
            bound.GroupBy(d => d.Day).ToDictionary(g => g.Key, g => g.Select(d => d.Group).Distinct().Count()));
    }

    static IEnumerable<UnitDay> HeldOf(UnitDay[] days)
    {
        bool IsHeld(int at) => days[at].Interference * 2 >= days[at].Scored;
        for (var i = 0; i < days.Length; i++)
            if (IsHeld(i) && Enumerable.Range(Math.Max(0, i - InARow + 1), InARow).Any(from =>
                Enumerable.Range(from, InARow).Where(j => j < days.Length).ToArray() is var row && row.Contains(i) && row.Count(IsHeld) >= Held))
                yield return days[i];
    }

    static IEnumerable<Trace> TracesOf(IGrouping<(UnitTag Group, DateOnly Day), UnitDay> day)
    {
        var targets = day.GroupBy(d => d.Target, StringComparer.Ordinal).ToArray();
        foreach (var target in targets)
        {
            (UnitTag Unit, Sight Sight)[] seen = [.. target.SelectMany(d => d.Sights.Where(s => s.Outcome.IsInterference()).Select(s => (d.Unit, s)))];
            var weight = 1.0 / targets.Length / seen.Length;
            foreach (var (unit, sight) in seen)
                yield return new(sight.Time, sight.Grain, Day.EpochOf(Day.Of(sight.Time)), day.Key.Group, unit, target.Key, Trace.MarkOf(sight), sight.HopAsn, sight.AgentVersion, weight);
        }
    }
}

readonly record struct Passed(DateTimeOffset Time, string Target);
