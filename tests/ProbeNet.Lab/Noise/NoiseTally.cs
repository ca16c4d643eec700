using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Lab.Judging;

namespace ProbeNet.Lab.Noise;

/// <summary>What one kind of noise came to. A run is one agent's measurement of one input.</summary>
/// <param name="Caused">Anomalies that the noise explains: a lost packet is a lost packet.</param>
/// <param name="Discarded">Runs that prove nothing, by the rule that says so.</param>
/// <param name="Accusations">Runs that blame somebody, and cells that would be published as interference; what they say.</param>
sealed record NoiseTally(
    string Kind, int Runs, int Ok, int Refused, int Down, int Caused, IReadOnlyDictionary<string, int> Discarded, int Cells, int Suspected, IReadOnlyList<string> Accusations)
{
    static readonly CellState[] Blaming = [CellState.Blocked, CellState.LikelyBlocked, CellState.Throttled, CellState.Mixed];

    /// <param name="causes">Mechanisms that the noise makes by itself; prefixes.</param>
    public static NoiseTally Of(string kind, IReadOnlyCollection<string> causes, IReadOnlyList<JudgedSight> judged, IReadOnlyList<Cell> cells)
    {
        string[] accusations =
        [
            .. from one in judged
               where one.Finding.Outcome is Outcome.Artefact or Outcome.Slow || (one.Finding.Outcome == Outcome.Anomaly && !IsCaused(one.Finding, causes))
               select $"{one.Domain} at {one.Sight.Host}: {one.Finding.Outcome.Word()} {string.Join(' ', one.Finding.Mechanisms.Select(found => found.Name))} by {string.Join(", ", one.Finding.Rules)}",
            .. from cell in cells
               where Blaming.Contains(cell.State)
               select $"{cell.Target} at AS{cell.Asn}: {cell.State} {string.Join(' ', cell.Mechanisms.Select(found => found.ToString()))}",
        ];
        int Count(Outcome outcome) => judged.Count(one => one.Finding.Outcome == outcome);
        return new(
            kind, judged.Count, Count(Outcome.Ok), Count(Outcome.Refused), Count(Outcome.Down),
            judged.Count(one => one.Finding.Outcome == Outcome.Anomaly && IsCaused(one.Finding, causes)),
            judged.Where(one => one.Finding.Outcome == Outcome.Discarded).CountBy(one => one.Finding.Rules is [var rule, ..] ? rule : "").ToDictionary(StringComparer.Ordinal),
            cells.Count, cells.Count(cell => cell.State == CellState.Suspected), accusations);
    }

    /// <summary>Above which the share of accusing runs is not, in 19 of 20 such tests (Clopper and Pearson, one-sided).</summary>
    public static double UpperBound(int accusations, int runs)
    {
        if (runs == 0 || accusations >= runs)
            return 1;
        double low = 0, high = 1;
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            if (AtMost(accusations, runs, middle) > 0.05)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    static bool IsCaused(Finding finding, IReadOnlyCollection<string> causes) =>
        finding.Mechanisms.All(found => causes.Any(cause => found.Name.StartsWith(cause, StringComparison.Ordinal)));

    static double AtMost(int accusations, int runs, double share)
    {
        var term = Math.Exp(runs * Math.Log(1 - share));
        var sum = term;
        for (var count = 1; count <= accusations; count++)
            sum += term *= (runs - count + 1.0) / count * share / (1 - share);
        return sum;
    }
}
