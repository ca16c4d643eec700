using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Api;

/// <summary>A matrix as one kind of caller may see it, narrowed by a filter.</summary>
sealed class MatrixReading(Publication publication, AsnTable networks)
{
    public MatrixView View(Matrix matrix, Filter filter, Caller caller) => Narrow(View(matrix, caller), filter);

    /// <summary>All of it.</summary>
    public MatrixView View(Matrix matrix, Caller caller) => Covered(new(
        Publication.Computed(matrix.AsOf, caller), matrix.Cc, matrix.Window.Start, matrix.Window.End,
        [.. matrix.Isps.Select(asn => new IspView(asn, NameOf(asn)))],
        [.. matrix.Targets.Select(target => new TargetView(target.Target, target.Input, target.CategoryCode))],
        [.. matrix.Cells.Select(cell => publication.View(cell, caller))],
        new(0, 0, 0, 0, 0), publication.Licence));

    /// <remarks>
    /// Filters work on what the caller may see, never on what is behind it: else the public could ask for
    /// "at least four volunteers" and read an exact count off the answer.
    /// </remarks>
    public static MatrixView Narrow(MatrixView whole, Filter filter)
    {
        if (!filter.Narrows)
            return whole;
        var categories = whole.Targets.ToDictionary(target => target.Domain, target => target.CategoryCode, StringComparer.Ordinal);
        var wanted = whole.Cells.Where(cell => Matches(cell, categories.GetValueOrDefault(cell.Domain, ""), filter)).ToList();
        if (wanted.Count == whole.Cells.Count)
            return whole;
        var domains = wanted.Select(cell => cell.Domain).ToHashSet(StringComparer.Ordinal);
        var asns = wanted.Select(cell => cell.Asn).ToHashSet();
        return Covered(whole with { Isps = [.. whole.Isps.Where(isp => asns.Contains(isp.Asn))], Targets = [.. whole.Targets.Where(target => domains.Contains(target.Domain))], Cells = wanted });
    }

    public string? NameOf(long asn) => asn is >= 0 and <= uint.MaxValue ? networks.NameOf((uint)asn) : null;

    static MatrixView Covered(MatrixView view) => view with
    {
        Coverage = new(view.Isps.Count, view.Cells.Where(cell => cell.Units.Least > 0).Select(cell => cell.Asn).Distinct().Count(),
            view.Targets.Count, view.Cells.Count, view.Cells.Count(cell => cell.State != CellState.Insufficient)),
    };

    static bool Matches(CellView cell, string category, Filter filter) =>
        (filter.Asn is null || cell.Asn == filter.Asn)
        && (filter.Domain is null || cell.Domain == filter.Domain)
        && (filter.CategoryCode is null || category == filter.CategoryCode)
        && (filter.State is null || cell.State == filter.State)
        && (filter.Mechanism is null || cell.Mechanisms.Any(filter.MatchesMechanism))
        && (filter.MinUnits is null || cell.Units.Least >= filter.MinUnits);
}
