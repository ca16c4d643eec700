using System.Globalization;

namespace ProbeNet.Collector.Analysis.Events;

/// <param name="Alerted">An alert was raised for it.</param>
sealed record KeptEvent(BlockEvent Event, bool Alerted);

/// <summary>An event that is new or says something else than before.</summary>
/// <param name="Changes">In English, with figures; what is new is "found".</param>
/// <param name="Alerts">It counts for the first time.</param>
sealed record EventRevision(BlockEvent Event, IReadOnlyList<string> Changes, bool Alerts);

/// <summary>
/// From the events that were known to those that the data show now. An event is the same as long as one of its providers' changes
/// is found within the time in which an order spreads, so that its identifier outlives a first sight that late data move.
/// </summary>
static class EventRebuild
{
    /// <param name="kept">Of one country; those taken back as well.</param>
    /// <returns>What differs, by target and time.</returns>
    public static IReadOnlyList<EventRevision> Of(IReadOnlyList<KeptEvent> kept, IReadOnlyList<BlockEvent> found)
    {
        var taken = kept.Select(k => k.Event.Id).ToHashSet(StringComparer.Ordinal);
        var before = kept.ToLookup(k => (k.Event.Target, k.Event.Kind));
        var now = found.ToLookup(f => (f.Target, f.Kind));
        return
        [
            .. before.Select(g => g.Key).Concat(now.Select(g => g.Key)).Distinct().OrderBy(k => k.Target, StringComparer.Ordinal).ThenBy(k => k.Kind)
                .SelectMany(key => OfTarget([.. before[key]], [.. now[key]], taken)),
        ];
    }

    static IEnumerable<EventRevision> OfTarget(KeptEvent[] kept, BlockEvent[] found, HashSet<string> taken)
    {
        var pairs = kept.SelectMany(k => found.Select(f => (Kept: k, Found: f, Apart: Apart(k.Event, f)))).Where(p => p.Apart is not null)
            .OrderBy(p => p.Kept.Event.Reason == EventContrasts.LaterData).ThenBy(p => p.Apart).ThenBy(p => p.Found.At.Latest).ThenBy(p => p.Kept.Event.Id, StringComparer.Ordinal);
        var (old, matched) = (new HashSet<KeptEvent>(), new HashSet<BlockEvent>());
        foreach (var (was, now, _) in pairs)
        {
            if (old.Contains(was) || matched.Contains(now))
                continue;
            old.Add(was);
            matched.Add(now);
            var same = now with { Id = was.Event.Id };
            if (Differences(was.Event, same) is { Count: > 0 } changes)
                yield return new(same, changes, !was.Alerted && EventStates.Counts(same.Status));
        }
        foreach (var now in found.Where(f => !matched.Contains(f)))
            yield return new(now with { Id = Free(now.Id, taken) }, ["found"], EventStates.Counts(now.Status));
        foreach (var was in kept.Where(k => !old.Contains(k) && k.Event.Reason != EventContrasts.LaterData))
            yield return new(was.Event with { Status = EventStates.Withdrawn, Reason = EventContrasts.LaterData }, ["what came later no longer shows it"], Alerts: false);
    }

    static TimeSpan? Apart(BlockEvent was, BlockEvent now)
    {
        var common = was.Isps.Join(now.Isps, i => i.Asn, i => i.Asn, (a, b) => (a.At.Latest - b.At.Latest).Duration()).Where(apart => apart <= EventSet.Rollout).ToArray();
        return common.Length == 0 ? null : common.Min();
    }

    // Two events of one day would have one name.
    static string Free(string id, HashSet<string> taken)
    {
        while (!taken.Add(id))
            id = EventSet.IdOf(id);
        return id;
    }

    static List<string> Differences(BlockEvent was, BlockEvent now)
    {
        var changes = new List<string>();
        if ((was.Status, was.Reason) != (now.Status, now.Reason))
            changes.Add($"status: {Said(was)} -> {Said(now)}");
        if (was.At != now.At)
            changes.Add($"between: {Said(was.At)} -> {Said(now.At)}");
        var (before, after) = (Numbered(was.Isps), Numbered(now.Isps));
        changes.AddRange(after.Keys.Except(before.Keys).Order().Select(key => $"AS{key.Asn}: joined, {Said(after[key].At)}"));
        changes.AddRange(before.Keys.Except(after.Keys).Order().Select(key => $"AS{key.Asn}: left, was {Said(before[key].At)}"));
        foreach (var key in before.Keys.Intersect(after.Keys).Order())
        {
            var (asn, b, a) = (key.Asn, before[key], after[key]);
            if (b.At != a.At && now.Isps.Count > 1)
                changes.Add($"AS{asn}: {Said(b.At)} -> {Said(a.At)}");
            if (b.ConfirmedAt != a.ConfirmedAt)
                changes.Add($"AS{asn}: {(a.ConfirmedAt is null ? "no longer confirmed" : "confirmed")}");
            if (b.Withdrawn != a.Withdrawn)
                changes.Add($"AS{asn}: {(a.Withdrawn ? "over before it was confirmed" : "no longer over")}");
            if (!b.Mechanisms.SequenceEqual(a.Mechanisms, StringComparer.Ordinal))
                changes.Add($"AS{asn}: by {Words(b.Mechanisms)} -> {Words(a.Mechanisms)}");
            if (b.Units != a.Units)
                changes.Add(string.Create(CultureInfo.InvariantCulture, $"AS{asn}: {b.Units} -> {a.Units} volunteers"));
            if (b.DetectedAt != a.DetectedAt)
                changes.Add($"AS{asn}: detected {Said(b.DetectedAt)} -> {Said(a.DetectedAt)}");
        }
        return changes;
    }

    // One provider may begin twice within one event.
    static Dictionary<(long Asn, int Turn), EventIsp> Numbered(IReadOnlyList<EventIsp> isps) =>
        isps.GroupBy(i => i.Asn).SelectMany(g => g.Select((isp, turn) => (Key: (g.Key, turn), isp))).ToDictionary(i => i.Key, i => i.isp);

    static string Said(BlockEvent e) => e.Reason is null ? e.Status : $"{e.Status} ({e.Reason})";

    static string Said(Cells.Bracket at) => $"{(at.Earliest is { } earliest ? Said(earliest) : "?")} and {Said(at.Latest)}";

    static string Said(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    static string Words(IReadOnlyList<string> mechanisms) => mechanisms.Count == 0 ? "nothing known" : string.Join(", ", mechanisms);
}
