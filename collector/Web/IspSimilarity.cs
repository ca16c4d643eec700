using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What two providers block alike, over the sites that are decided (blocked, likely so, or reachable) at both.</summary>
/// <param name="Either">Sites blocked at one of them at least.</param>
/// <param name="Both">Of those, blocked at both.</param>
/// <param name="SameWay">Of those at both, with the same strongest mechanism.</param>
sealed record IspSimilarity(int Either, int Both, int SameWay)
{
    /// <summary>Shades from 0 (nothing in common) to 4 (the same).</summary>
    public int Shade => Either == 0 ? 0 : (int)Math.Round(4.0 * Both / Either);

    /// <summary>Providers with a decided cell, in the order of the matrix.</summary>
    public static IReadOnlyList<IspView> Comparable(MatrixView matrix)
    {
        var decided = matrix.Cells.Where(cell => IsBlocked(cell) is not null).Select(cell => cell.Asn).ToHashSet();
        return [.. matrix.Isps.Where(isp => decided.Contains(isp.Asn))];
    }

    public static IspSimilarity Of(ILookup<long, CellView> cells, long one, long other)
    {
        var others = cells[other].ToDictionary(cell => cell.Domain, StringComparer.Ordinal);
        int either = 0, both = 0, same = 0;
        foreach (var mine in cells[one])
        {
            if (!others.TryGetValue(mine.Domain, out var theirs) || IsBlocked(mine) is not { } here || IsBlocked(theirs) is not { } there)
                continue;
            either += here || there ? 1 : 0;
            both += here && there ? 1 : 0;
            same += here && there && mine.Mechanisms is [var way, ..] && theirs.Mechanisms is [var theirWay, ..] && way == theirWay ? 1 : 0;
        }
        return new(either, both, same);
    }

    /// <returns>Null where the cell decides nothing.</returns>
    public static bool? IsBlocked(CellView cell) => cell.State switch
    {
        CellState.Blocked or CellState.LikelyBlocked => true,
        CellState.Ok => false,
        _ => null,
    };
}
