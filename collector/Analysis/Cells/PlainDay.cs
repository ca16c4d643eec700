using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>
/// What a unit day on which nothing was wrong comes down to, beside its counts: every sight is an "ok" of a scheduled run that lists
/// nothing, or was discarded for one same reason. Most days are such, and a cell of such days needs no sight of them.
/// </summary>
/// <param name="Grain">Of the sights that say something; 0 without any.</param>
/// <param name="First">The first of them.</param>
/// <param name="Discard">Why the others were discarded; null without any.</param>
sealed record PlainDay(int Grain, DateTimeOffset? First, DateTimeOffset? Last, string? Discard)
{
    /// <param name="sights">In order of time.</param>
    /// <returns>Null where the sights themselves are needed.</returns>
    public static PlainDay? Of(IReadOnlyList<Sight> sights)
    {
        Sight? first = null, last = null, discarded = null;
        foreach (var sight in sights)
        {
            if (sight.Reason != Reason.Scheduled || sight.Mechanisms.Count + sight.Artefacts.Count + sight.Tokens.Count > 0)
                return null;
            switch (sight.Outcome)
            {
                case Outcome.Discarded when discarded is null || discarded.DiscardReason == sight.DiscardReason:
                    discarded = sight;
                    break;
                case Outcome.Ok when first is null || first.Grain == sight.Grain:
                    first ??= sight;
                    last = sight;
                    break;
                default:
                    return null;
            }
        }
        return new(first?.Grain ?? 0, first?.Time, last?.Time, discarded?.DiscardReason);
    }

    /// <summary>Sights that stand for all of them, in any number of such days.</summary>
    /// <param name="ok">How many say that all was well.</param>
    /// <param name="discarded">How many say nothing.</param>
    /// <param name="seen">When the first of all was.</param>
    public IReadOnlyList<Sight> Sights(int ok, int discarded, DateTimeOffset seen)
    {
        var sights = new List<Sight>(3);
        if (discarded > 0)
            sights.Add(Stand(seen, Outcome.Discarded, Discard) with { Times = discarded });
        if (ok > 0)
            sights.Add(Stand(First!.Value, Outcome.Ok, null));
        if (ok > 1)
            sights.Add(Stand(Last!.Value, Outcome.Ok, null) with { Times = ok - 1 });
        return sights;
    }

    Sight Stand(DateTimeOffset time, Outcome outcome, string? reason) => new(time, Grain, Reason.Scheduled, outcome, reason, [], [], [], []);
}
