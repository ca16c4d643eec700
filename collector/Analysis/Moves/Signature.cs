using System.Text.Json.Serialization;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>How a provider blocks: shares of its marks, and of the networks that its blocking was located in.</summary>
sealed record Signature(IReadOnlyDictionary<string, double> Marks, IReadOnlyDictionary<long, double> Places)
{
    [JsonIgnore]
    public bool IsEmpty => Marks.Count == 0;

    public static Signature Of(IReadOnlyCollection<Trace> traces) => new(
        Shares(traces, t => t.Mark, StringComparer.Ordinal),
        Shares([.. traces.Where(t => t.Place is not null)], t => t.Place!.Value, Comparer<long>.Default));

    /// <summary>The mean of several, each weighing the same.</summary>
    public static Signature Mean(IReadOnlyList<Signature> of) => new(
        Mean([.. of.Select(s => s.Marks).Where(m => m.Count > 0)], StringComparer.Ordinal),
        Mean([.. of.Select(s => s.Places).Where(p => p.Count > 0)], Comparer<long>.Default));

    /// <returns>0 (the same) to 1 (nothing in common): half of marks and half of places where both have been located, otherwise of marks alone.</returns>
    public double DistanceTo(Signature other)
    {
        var marks = Distance(Marks, other.Marks);
        return Places.Count > 0 && other.Places.Count > 0 ? (marks + Distance(Places, other.Places)) / 2 : marks;
    }

    static double Distance<T>(IReadOnlyDictionary<T, double> one, IReadOnlyDictionary<T, double> other) =>
        Math.Clamp(1 - one.Sum(x => Math.Min(x.Value, other.GetValueOrDefault(x.Key))), 0, 1);

    static SortedDictionary<T, double> Shares<T>(IReadOnlyCollection<Trace> traces, Func<Trace, T> of, IComparer<T> order) where T : notnull
    {
        var shares = new SortedDictionary<T, double>(order);
        var total = traces.Sum(t => t.Weight);
        foreach (var trace in traces)
            shares[of(trace)] = shares.GetValueOrDefault(of(trace)) + trace.Weight / total;
        return shares;
    }

    static SortedDictionary<T, double> Mean<T>(IReadOnlyList<IReadOnlyDictionary<T, double>> of, IComparer<T> order) where T : notnull
    {
        var mean = new SortedDictionary<T, double>(order);
        foreach (var one in of)
            foreach (var (key, share) in one)
                mean[key] = mean.GetValueOrDefault(key) + share / of.Count;
        return mean;
    }
}
