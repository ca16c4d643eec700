using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>Cells for one caller, for REST and pages alike.</summary>
sealed class CellReading(CellQueries cells, Publication publication, MatrixReading matrices)
{
    public async Task<(MatrixView? Matrix, ProblemDetails? Problem)> MatrixAsync(Caller caller, Filter filter, CancellationToken ct)
    {
        if (publication.WindowFor(caller, filter, out var fault) is not { } window)
            return (null, Problems.BadParameter(fault.Name, fault.Why));
        var matrix = await cells.MatrixAsync(filter.Cc!, window, CellFilter.Everything, publication.LeastFor(caller), ct);
        return (matrices.View(matrix, filter, caller), null);
    }

    /// <param name="domain">As a path has it: ASP.NET leaves an escaped slash as it is.</param>
    public async Task<(ExplanationView? View, ProblemDetails? Problem)> CellAsync(
        Caller caller, Filter filter, string cc, string domain, long asn, CancellationToken ct)
    {
        if (publication.WindowFor(caller, filter, out var fault) is not { } window)
            return (null, Problems.BadParameter(fault.Name, fault.Why));
        var target = domain.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return await cells.ExplainAsync(cc.ToUpperInvariant(), target, asn, window, publication.LeastFor(caller), ct) is { } explanation
            ? (publication.View(explanation, matrices.NameOf(asn), caller), null)
            : (null, Problems.NotFound($"{target} is on no test list of {cc.ToUpperInvariant()} and was not measured from AS{asn}, or nothing was ever measured from there."));
    }
}
