using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>What was said of a cell that has a posterior, and what is true of it.</summary>
/// <param name="Blocked">The block stood when the cell was last looked at: what began later nobody could see.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct JudgedCell(CellState State, double Posterior, bool Blocked)
{
    public static JudgedCell? Of(CellVerdict verdict, MadeWorld made) => verdict.Cell.Posterior is not { } posterior ? null
        : new(verdict.Cell.State, posterior, made.IsBlocked(verdict.Cell.Asn, verdict.Cell.Target,
            verdict.Stretch.Sights.Last(s => s.Sight.Outcome != Outcome.Discarded).Sight.Time));
}

/// <summary>Are cells right as often as they say? Cells of one world are not independent: intervals are clustered by world.</summary>
sealed class CalibrationReport
{
    const int Bins = 10;
    const int Resamples = 2000;
    const double Z = 1.96;

    readonly IReadOnlyList<JudgedCell>[] _worlds;

    public CalibrationReport(IEnumerable<WorldResult> results)
    {
        _worlds = [.. results.Select(r => r.Cells)];
        Likely = ShareOf(CellState.LikelyBlocked);
        Blocked = ShareOf(CellState.Blocked);
        // Cells, sum of posteriors and truly blocked ones, by world and bin.
        var sums = _worlds.Select(w => Sums(w)).ToArray();
        All = Total(sums);
        Error = ErrorOf(All);
        var random = new Random(17);
        var drawn = Enumerable.Range(0, Resamples).Select(_ => ErrorOf(Total(Enumerable.Range(0, sums.Length).Select(_ => sums[random.Next(sums.Length)])))).Order().ToArray();
        ErrorInterval = (drawn[(int)(Resamples * 0.025)], drawn[(int)(Resamples * 0.975)]);
    }

    public int Cells => All.Sum(b => b.Cells);

    /// <summary>Of cells said to be likely blocked those that are.</summary>
    public TrueShare Likely { get; }

    public TrueShare Blocked { get; }

    /// <summary>Expected calibration error over ten bins of equal width.</summary>
    public double Error { get; }

    public (double Low, double High) ErrorInterval { get; }

    Bin[] All { get; }

    public string Text()
    {
        var text = new StringBuilder();
        Line(text, $"{Cells} cells of {_worlds.Length} worlds; expected calibration error {Error:0.0000} (95 % {ErrorInterval.Low:0.0000} to {ErrorInterval.High:0.0000}, worlds resampled {Resamples} times)");
        Line(text, $"said likely_blocked: {Likely}");
        Line(text, $"said blocked: {Blocked}");
        Line(text, $"{"posterior",-12} {"cells",8} {"mean",7} {"blocked",8}");
        for (var b = 0; b < Bins; b++)
            if (All[b].Cells > 0)
                Line(text, $"{b / 10.0:0.0} to {(b + 1) / 10.0:0.0}   {All[b].Cells,8} {All[b].Posterior / All[b].Cells,7:0.000} {(double)All[b].Blocked / All[b].Cells,8:0.000}");
        foreach (var state in Enum.GetValues<CellState>())
            if (ShareOf(state) is { Cells: > 0 } share)
                Line(text, $"state {state.Word(),-15} {share}");
        return text.ToString();
    }

    /// <summary>A share of cells with an interval for clusters: Wilson's at the size that the spread between worlds leaves.</summary>
    TrueShare ShareOf(CellState state)
    {
        var worlds = _worlds.Select(w => (Cells: w.Count(c => c.State == state), Blocked: w.Count(c => c.State == state && c.Blocked))).Where(w => w.Cells > 0).ToArray();
        double cells = worlds.Sum(w => w.Cells), blocked = worlds.Sum(w => w.Blocked);
        if (cells == 0)
            return new(0, 0, 0, (0, 1));
        var share = blocked / cells;
        // Ratio estimator; where every world agrees nothing is known of the spread, and a world counts as one cell.
        var variance = worlds.Sum(w => Math.Pow(w.Blocked - share * w.Cells, 2)) / (cells * cells);
        var size = variance == 0 ? worlds.Length : Math.Clamp(share * (1 - share) / variance, 1, cells);
        double denominator = 1 + Z * Z / size, centre = share + Z * Z / (2 * size), half = Z * Math.Sqrt(share * (1 - share) / size + Z * Z / (4 * size * size));
        return new((int)cells, (int)blocked, worlds.Length, (Math.Max(0, (centre - half) / denominator), Math.Min(1, (centre + half) / denominator)));
    }

    static Bin[] Sums(IReadOnlyList<JudgedCell> cells)
    {
        var bins = new Bin[Bins];
        foreach (var cell in cells)
            bins[Math.Min(Bins - 1, (int)(cell.Posterior * Bins))] += new Bin(1, cell.Posterior, cell.Blocked ? 1 : 0);
        return bins;
    }

    static Bin[] Total(IEnumerable<Bin[]> worlds)
    {
        var all = new Bin[Bins];
        foreach (var world in worlds)
            for (var b = 0; b < Bins; b++)
                all[b] += world[b];
        return all;
    }

    static double ErrorOf(Bin[] bins) => bins.Sum(b => Math.Abs(b.Posterior - b.Blocked)) / bins.Sum(b => b.Cells);

    static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Bin(int Cells, double Posterior, int Blocked)
    {
        public static Bin operator +(Bin left, Bin right) => new(left.Cells + right.Cells, left.Posterior + right.Posterior, left.Blocked + right.Blocked);
    }
}

/// <param name="Worlds">That have such a cell.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct TrueShare(int Cells, int Blocked, int Worlds, (double Low, double High) Interval)
{
    public double Share => Cells == 0 ? 0 : (double)Blocked / Cells;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Blocked} of {Cells} are blocked: {Share:P3} (95 % {Interval.Low:P3} to {Interval.High:P3}, clustered over {Worlds} worlds)");
}
