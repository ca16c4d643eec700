using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>Did providers begin together? Supports the other evidence and decides nothing: an order can travel in minutes too.</summary>
/// <param name="Targets">Blocked within the window at two providers or more.</param>
/// <param name="SpreadHours">Median over targets of the middle of the last onset after that of the first; null without any.</param>
sealed record OnsetAgreement(int Targets, double? SpreadHours, double? Synchrony, Hypotheses Likelihood)
{
    // Hours within which onsets could fall anywhere.
    const double Window = 720;
    const double Coincidence = 0.1;
    const double Clamp = 4;

    // Targets of one order share their onsets: together they count as few.
    const int MostTargets = 3;

    /// <param name="verdicts">Those of compared providers count.</param>
    public static OnsetAgreement Of(IEnumerable<CellVerdict> verdicts, BlockTable table)
    {
        var isps = table.Isps.Select(i => i.Asn).ToHashSet();
        return Of(verdicts.Select(v => v.Cell)
            .Where(c => c.State is CellState.Blocked or CellState.LikelyBlocked && c.Changed && isps.Contains(c.Asn))
            .GroupBy(c => c.Target, StringComparer.Ordinal).Select(g => g.Select(c => c.Since!)));
    }

    /// <param name="onsets">Of each target, one a provider; those without a last good sight say nothing.</param>
    public static OnsetAgreement Of(IEnumerable<IEnumerable<Bracket>> onsets)
    {
        var events = onsets.Select(t => t.Where(b => b.Earliest is not null).Select(b => (From: b.Earliest!.Value, To: b.Latest)).OrderBy(b => Middle(b)).ToArray())
            .Where(t => t.Length >= 2).ToArray();
        if (events.Length == 0)
            return new(0, null, null, Hypotheses.None);
        var weight = Math.Min(events.Length, MostTargets) / (double)events.Length;
        double Sum(Func<double, double, double> within) => Math.Clamp(weight * events.Sum(e => Gain(e, within)), -Clamp, Clamp);
        static double Exponential(double low, double high, double mean) => Math.Exp(-low / mean) - Math.Exp(-high / mean);
        return new(
            events.Length,
            Median([.. events.Select(e => (Middle(e[^1]) - Middle(e[0])).TotalHours)]),
            events.Average(e => e.Skip(1).Average(b => Math.Exp(-Math.Max(0, (b.From - e[0].To).TotalHours) / 6))),
            new(0,
                Sum((low, high) => 0.5 * Exponential(low, high, 1) + 0.5 * Exponential(low, high, 72)),
                Sum((low, high) => Exponential(low, high, 6)),
                Sum((low, high) => Exponential(low, high, 2))));
    }

    static double Gain((DateTimeOffset From, DateTimeOffset To)[] onsets, Func<double, double, double> within)
    {
        double sum = 0;
        foreach (var onset in onsets.Skip(1))
        {
            // The lag is only known to lie between these.
            var low = Math.Max(0, (onset.From - onsets[0].To).TotalHours);
            var high = Math.Max(low + 0.25, (onset.To - onsets[0].From).TotalHours);
            var chance = Math.Min(1, (high - low) / Window);
            sum += Math.Log(((1 - Coincidence) * within(low, high) + Coincidence * chance) / chance);
        }
        return sum;
    }

    static DateTimeOffset Middle((DateTimeOffset From, DateTimeOffset To) bracket) => bracket.From + (bracket.To - bracket.From) / 2;

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
    }
}
