using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Worlds;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>The result of an analysis for people: the matrix, then what changed, then how the blocking is organised.</summary>
static class AnalysisText
{
    public static void Write(TextWriter output, WorldAnalysis analysis) => MatrixText.Write(output, MatrixOf(analysis));

    static Matrix MatrixOf(WorldAnalysis analysis)
    {
        var categories = analysis.World.Observations.Where(o => o.CategoryCode is not null).GroupBy(o => o.Domain, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().CategoryCode!, StringComparer.Ordinal);
        MatrixTarget[] targets =
        [
            .. analysis.Cells.Select(c => c.Target).Distinct(StringComparer.Ordinal).Select(t => new MatrixTarget(t, t, categories.GetValueOrDefault(t, ""))),
        ];
        long[] isps = [.. analysis.Cells.Select(c => c.Asn).Distinct()];
        var measured = analysis.World.Observations.Select(o => o.Asn).ToHashSet();
        return new(analysis.World.Header.Cc, analysis.Window, analysis.Window.End, isps, targets, analysis.Cells,
            new(isps.Length, measured.Count, targets.Length, analysis.Cells.Count, analysis.Cells.Count(c => c.State != CellState.Insufficient)));
    }
}
