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
    public static readonly TimeSpan Rollout = TimeSpan.FromHours(72);
    static readonly TimeSpan Together = TimeSpan.FromHours(2);

    const double MostOfAProvider = 0.4;
    const int FewestForAProvider = 5;
    const int Countries = 2;

    /// <param name="elsewhere">Onsets of the same targets in other countries.</param>
    /// <returns>By time, target and kind.</returns>
    public static IReadOnlyList<BlockEvent> Of(IEnumerable<UnitDay> days, CellRules rules, IReadOnlyList<OnsetElsewhere>? elsewhere = null)
    {
        var targets = days.GroupBy(d => d.Target, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(target => OfTarget(target, rules)).ToArray();
        var watched = targets.SelectMany(t => t.Watched).GroupBy(asn => asn).ToDictionary(g => g.Key, g => g.Count());
        return Merge(targets.SelectMany(t => t.Changes), watched, elsewhere ?? []);
    }

    /// <summary>What changed for one target of a country, and at which providers it is watched.</summary>
    /// <param name="days">Of one target, all providers: what is ordinary for it is learnt from all of them.</param>
    public static TargetChanges OfTarget(IEnumerable<UnitDay> days, CellRules rules)
    {
        // What only the agent says of its network supports no claim.
        var series = SeriesOf(days.Where(d => d.AsnSource == AsnSource.Bound), rules).ToArray();
        return new(
            [.. series.Select(s => s.Asn)],
            [.. series.SelectMany(s => s.Changes.Where(c => c.At.Earliest is not null).Select(c => new ProviderChange(s.Cc, s.Target, c.Kind, s.IspOf(c))))],
            [.. series.Where(s => s.Question is not null).Select(s => new ProviderQuestion(s.Target, s.Asn, s.Question!))]);
    }

    /// <summary>The events that the changes of one country make.</summary>
    /// <param name="watched">Targets that are watched, by provider.</param>
    public static IReadOnlyList<BlockEvent> Merge(IEnumerable<ProviderChange> changes, IReadOnlyDictionary<long, int> watched, IReadOnlyList<OnsetElsewhere> elsewhere)
    {
        var all = changes.ToArray();
        var onsets = all.Where(c => c.Kind == ChangeKind.Onset).ToLookup(c => c.Isp.Asn);
        var abroad = elsewhere.ToLookup(o => o.Target, StringComparer.Ordinal);
        string? Contrast(ProviderChange change)
        {
            if (change.Kind == ChangeKind.End)
                return null;
            var (asn, at) = (change.Isp.Asn, change.Isp.At.Latest);
            var alike = onsets[asn].Where(o => (o.Isp.At.Latest - at).Duration() <= Together).Select(o => o.Target).Distinct(StringComparer.Ordinal).Count();
            var of = watched.GetValueOrDefault(asn);
            if (of >= FewestForAProvider && alike > MostOfAProvider * of)
                return EventContrasts.Network;
            return change.Isp.Withheld ?? (abroad[change.Target].Where(o => o.Cc != change.Cc && (o.At - at).Duration() <= Together)
                .Select(o => o.Cc).Distinct(StringComparer.Ordinal).Count() >= Countries ? EventContrasts.Elsewhere : null);
        }
        return
        [
            .. all.GroupBy(c => (c.Cc, c.Target, c.Kind))
                .SelectMany(g => Clusters(g.Select(c => c.Isp with { Withheld = Contrast(c) })).Select(isps => EventOf(g.Key.Cc, g.Key.Target, g.Key.Kind, isps)))
                .OrderBy(e => e.At.Latest).ThenBy(e => e.Target, StringComparer.Ordinal).ThenBy(e => e.Kind),
        ];
    }

    static IEnumerable<Series> SeriesOf(IEnumerable<UnitDay> target, CellRules rules)
    {
        IReadOnlyList<UnitDay>[] cells = [.. target.GroupBy(d => d.Asn).OrderBy(g => g.Key).Select(g => Seniority.Of(CellSet.Ordered(g)))];
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
        return new(IdOf(name), cc, target, kind, status, first.Withheld, first.At,
            Math.Round((isps[^1].At.Latest - first.At.Latest).TotalHours, 1), isps);
    }

    /// <returns>16 hexadecimal digits.</returns>
    public static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
}
