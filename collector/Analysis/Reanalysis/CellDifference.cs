using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Reanalysis;

/// <summary>What one version of the rules says of a cell. Mechanisms are the strongest first.</summary>
sealed record CellSaying(string State, string? Reason, IReadOnlyList<string> Mechanisms)
{
    public static CellSaying Of(Cell cell) => new(cell.State.Word(), cell.Reason, [.. cell.Mechanisms.Select(m => m.Name)]);

    public bool IsAs(CellSaying other) => State == other.State && Reason == other.Reason && Mechanisms.SequenceEqual(other.Mechanisms, StringComparer.Ordinal);
}

/// <summary>A cell of which two versions of the rules say different things. Null where there is no cell.</summary>
sealed record CellDifference(string Cc, string Target, long Asn, CellSaying? Before, CellSaying? After)
{
    /// <summary>In the order of country, target and provider.</summary>
    public static IReadOnlyList<CellDifference> Between(IEnumerable<Cell> before, IEnumerable<Cell> after)
    {
        var old = before.ToDictionary(KeyOf, CellSaying.Of);
        var now = after.ToDictionary(KeyOf, CellSaying.Of);
        return
        [
            .. old.Keys.Union(now.Keys)
                .Select(key => new CellDifference(key.Cc, key.Target, key.Asn, old.GetValueOrDefault(key), now.GetValueOrDefault(key)))
                .Where(d => d is not { Before: { } one, After: { } other } || !one.IsAs(other))
                .OrderBy(d => d.Cc, StringComparer.Ordinal).ThenBy(d => d.Target, StringComparer.Ordinal).ThenBy(d => d.Asn),
        ];
    }

    static (string Cc, string Target, long Asn) KeyOf(Cell cell) => (cell.Cc, cell.Target, cell.Asn);
}
