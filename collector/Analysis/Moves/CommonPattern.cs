using ProbeNet.Collector.Analysis.Attribution;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>Marks and places that several providers show and that were none of theirs before.</summary>
/// <param name="Beside">Marks of what was located there: alone they may be of either pattern.</param>
sealed record CommonPattern(IReadOnlySet<string> Marks, IReadOnlySet<long> Places, IReadOnlySet<string> Beside)
{
    /// <summary>Share of a baseline up to which something is new to a provider.</summary>
    public const double New = 0.1;

    public const int FewestIsps = 3;

    // A mark counts at a provider that shows it on three days, by two groups of volunteers, as more than a trace.
    const int FewestDays = 3;
    const int FewestGroups = 2;
    const double MarkShare = 0.15;
    const double PlaceShare = 0.5;

    // What says no more than a method is common only where two thirds of the providers came to it.
    const double CommonMethod = 0.1;

    public static CommonPattern Of(IReadOnlyList<(ProviderTraces Provider, FrozenBaseline Baseline)> providers)
    {
        var (marks, places) = (new List<string>(), new List<long>());
        foreach (var (provider, baseline) in providers)
        {
            Trace[] since = [.. provider.Traces.Where(t => t.Day >= baseline.Until)];
            marks.AddRange(Shown(since, t => t.Mark, m => baseline.Signature.Marks.GetValueOrDefault(m), MarkShare));
            places.AddRange(Shown([.. since.Where(t => t.Place is not null)], t => t.Place!.Value, p => baseline.Signature.Places.GetValueOrDefault(p), PlaceShare)
                .Where(p => p != provider.Asn));
        }
        var shared = places.GroupBy(p => p).Where(g => g.Count() >= FewestIsps).Select(g => g.Key).ToHashSet();
        return new(
            marks.GroupBy(m => m, StringComparer.Ordinal).Where(g => g.Count() >= FewestIsps && (IsDevices(g.Key) || g.Count() * 3 >= providers.Count * 2))
                .Select(g => g.Key).ToHashSet(StringComparer.Ordinal),
            shared,
            shared.Count == 0 ? new HashSet<string>(StringComparer.Ordinal)
                : providers.SelectMany(p => p.Provider.Traces).Where(t => t.Place is { } place && shared.Contains(place)).Select(t => t.Mark).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>True for the common pattern, false for what was there before, null where it may be either.</summary>
    public bool? IsNew(Trace trace, FrozenBaseline baseline)
    {
        var marked = Marks.Contains(trace.Mark) && baseline.Signature.Marks.GetValueOrDefault(trace.Mark) <= New;
        // A device's mark says whose it is; a method is the common one only in the common place, where that is known.
        if (Places.Count == 0 || (marked && IsDevices(trace.Mark)))
            return marked;
        if (trace.Place is { } place)
            return Places.Contains(place) && baseline.Signature.Places.GetValueOrDefault(place) <= New;
        return Beside.Contains(trace.Mark) ? null : marked;
    }

    static bool IsDevices(string mark) => BlockMark.Commonness(Trace.PlainMark(mark)) < CommonMethod;

    static IEnumerable<T> Shown<T>(IReadOnlyCollection<Trace> traces, Func<Trace, T> of, Func<T, double> before, double least) where T : notnull
    {
        var days = traces.GroupBy(t => t.Day).ToDictionary(g => g.Key, g => g.Sum(t => t.Weight));
        return traces.GroupBy(of).Where(g => before(g.Key) <= New
                && g.GroupBy(t => t.Day).Count(day => day.Sum(t => t.Weight) >= least * days[day.Key]) >= FewestDays
                && g.Select(t => (t.Epoch, t.Group)).Distinct().GroupBy(t => t.Epoch).Any(epoch => epoch.Count() >= FewestGroups))
            .Select(g => g.Key);
    }
}
