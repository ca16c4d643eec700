using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>All events in a set of unit days of one country. A pure function of its input: late data only means calling it again.</summary>
static class EventSet
{
    // An order may take days to reach the last provider.
    static readonly TimeSpan Rollout = TimeSpan.FromHours(72);
    static readonly TimeSpan Together = TimeSpan.FromHours(2);

    const double MostOfAProvider = 0.4;
    const int FewestForAProvider = 5;
    const int Countries = 2;

    /// <param name="elsewhere">Onsets of the same targets in other countries.</param>
    /// <returns>By time, target and kind.</returns>
    public static IReadOnlyList<BlockEvent> Of(IEnumerable<UnitDay> days, CellRules rules, IReadOnlyList<OnsetElsewhere>? elsewhere = null)
    {
        // What only the agent says of its network supports no claim.
        var series = days.Where(d => d.AsnSource == AsnSource.Bound).GroupBy(d => d.Target, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(target => SeriesOf(target, rules)).ToArray();
        var watched = series.GroupBy(s => s.Asn).ToDictionary(g => g.Key, g => g.Count());
        var onsets = series.SelectMany(s => s.Changes.Where(c => c is { Kind: ChangeKind.Onset, At.Earliest: not null }).Select(c => (s.Asn, s.Target, c.At.Latest)))
            .ToLookup(o => o.Asn);
        string? Contrast(Series s, ChangePoint change)
        {
            if (change.Kind == ChangeKind.End)
                return null;
            var alike = onsets[s.Asn].Where(o => (o.Latest - change.At.Latest).Duration() <= Together).Select(o => o.Target).Distinct(StringComparer.Ordinal).Count();
            if (watched[s.Asn] >= FewestForAProvider && alike > MostOfAProvider * watched[s.Asn])
                return EventContrasts.Network;
            if (s.FollowsARelease(change))
                return EventContrasts.Release;
            return elsewhere?.Where(o => o.Cc != s.Cc && o.Target == s.Target && (o.At - change.At.Latest).Duration() <= Together)
                .Select(o => o.Cc).Distinct(StringComparer.Ordinal).Count() >= Countries ? EventContrasts.Elsewhere : null;
        }
        return
        [
            .. series.SelectMany(s => s.Changes.Where(c => c.At.Earliest is not null)
                    .Select(c => (s.Cc, s.Target, c.Kind, Isp: new EventIsp(s.Asn, c.At, c.DetectedAt, c.ConfirmedAt, c.Withdrawn, s.MechanismsAt(c), Contrast(s, c)))))
                .GroupBy(c => (c.Cc, c.Target, c.Kind)).SelectMany(g => Clusters(g.Select(c => c.Isp)).Select(isps => EventOf(g.Key.Cc, g.Key.Target, g.Key.Kind, isps)))
                .OrderBy(e => e.At.Latest).ThenBy(e => e.Target, StringComparer.Ordinal).ThenBy(e => e.Kind),
        ];
    }

    static IEnumerable<Series> SeriesOf(IEnumerable<UnitDay> target, CellRules rules)
    {
        IReadOnlyList<UnitDay>[] cells = [.. target.GroupBy(d => d.Asn).OrderBy(g => g.Key).Select(CellSet.Ordered)];
        var baselines = Baselines.Of(cells, rules);
        return cells.Select((days, i) => Series.Of(days, baselines[i]));
    }

    static IEnumerable<EventIsp[]> Clusters(IEnumerable<EventIsp> changes)
    {
        var cluster = new List<EventIsp>();
        foreach (var change in changes.OrderBy(c => c.At.Latest).ThenBy(c => c.Asn))
        {
            if (cluster.Count > 0 && (change.At.Latest - cluster[^1].At.Latest > Rollout || cluster[^1].Withheld != change.Withheld))
            {
                yield return [.. cluster];
                cluster.Clear();
            }
            cluster.Add(change);
        }
        if (cluster.Count > 0)
            yield return [.. cluster];
    }

    static BlockEvent EventOf(string cc, string target, ChangeKind kind, EventIsp[] isps)
    {
        var first = isps[0];
        var status = first.Withheld is not null ? EventStates.Withheld
            : isps.Any(i => i.ConfirmedAt is not null) ? EventStates.Confirmed
            : isps.All(i => i.Withdrawn) ? EventStates.Withdrawn : EventStates.Provisional;
        var name = string.Create(CultureInfo.InvariantCulture, $"{cc}|{target}|{kind}|{first.At.Latest.UtcDateTime:yyyy-MM-dd}|{first.Withheld}");
        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8)), cc, target, kind, status, first.Withheld, first.At,
            Math.Round((isps[^1].At.Latest - first.At.Latest).TotalHours, 1), isps);
    }
}
