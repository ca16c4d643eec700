using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>How far providers differ in a target.</summary>
/// <param name="Ways">Different strongest mechanisms.</param>
sealed record TargetDifference(int Blocked, int Open, int Ways)
{
    public bool Differs => Pairs > 0;

    /// <summary>Pairs of providers of which one blocks it and the other does not.</summary>
    public int Pairs => Blocked * Open;

    public static TargetDifference Of(IEnumerable<CellView> cells)
    {
        var decided = cells.Where(cell => IspSimilarity.IsBlocked(cell) is not null).ToLookup(cell => IspSimilarity.IsBlocked(cell) == true);
        return new(decided[true].Count(), decided[false].Count(), decided[true].Select(cell => cell.Mechanisms is [var first, ..] ? first : "").Distinct(StringComparer.Ordinal).Count());
    }
}
