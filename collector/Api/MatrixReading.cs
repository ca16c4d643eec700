using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Api;

/// <summary>A matrix as one caller may see it, narrowed by a filter.</summary>
sealed class MatrixReading(Publication publication, AsnTable networks)
{
    /// <remarks>
    /// Filters work on what the caller may see, never on what is behind it: else the public could ask for
    /// "at least four volunteers" and read an exact count off the answer.
    /// </remarks>
    public MatrixView View(Matrix matrix, Filter filter, Caller caller)
    {
        var categories = matrix.Targets.ToDictionary(target => target.Target, target => target.CategoryCode, StringComparer.Ordinal);
        var cells = matrix.Cells.Select(cell => publication.View(cell, caller)).ToList();
        var wanted = cells.Where(cell => Matches(cell, categories.GetValueOrDefault(cell.Domain, ""), filter)).ToList();
        var narrowed = wanted.Count < cells.Count;
        var domains = wanted.Select(cell => cell.Domain).ToHashSet(StringComparer.Ordinal);
        var asns = wanted.Select(cell => cell.Asn).ToHashSet();
        var targets = matrix.Targets.Where(target => !narrowed || domains.Contains(target.Target)).ToList();
        var isps = matrix.Isps.Where(asn => !narrowed || asns.Contains(asn)).ToList();
        return new(
            Publication.Computed(matrix.AsOf, caller), matrix.Cc, matrix.Window.Start, matrix.Window.End,
            [.. isps.Select(asn => new IspView(asn, NameOf(asn)))],
            [.. targets.Select(target => new TargetView(target.Target, target.Input, target.CategoryCode))],
            wanted,
            new(isps.Count, wanted.Where(cell => cell.Units.Least > 0).Select(cell => cell.Asn).Distinct().Count(),
                targets.Count, wanted.Count, wanted.Count(cell => cell.State != CellState.Insufficient)),
            publication.Licence);
    }

    public string? NameOf(long asn) => asn is >= 0 and <= uint.MaxValue ? networks.NameOf((uint)asn) : null;

    static bool Matches(CellView cell, string category, Filter filter) =>
        (filter.Asn is null || cell.Asn == filter.Asn)
        && (filter.Domain is null || cell.Domain == filter.Domain)
        && (filter.CategoryCode is null || category == filter.CategoryCode)
        && (filter.State is null || cell.State == filter.State)
        && (filter.Mechanism is null || cell.Mechanisms.Any(filter.MatchesMechanism))
        && (filter.MinUnits is null || cell.Units.Least >= filter.MinUnits);
}
