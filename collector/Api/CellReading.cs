using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>Cells for one caller, for REST and pages alike.</summary>
sealed class CellReading(CellQueries cells, Publication publication, MatrixReading matrices, TimeProvider time) : IDisposable
{
    // A country's cells for a window: as many as are asked for at once, and no more memory than that.
    const int MostKept = 20;

    // Apart, so that nobody with a key waits while the public's month is computed.
    readonly KeptAnswers<(string Cc, CellWindow Window), MatrixView> _public = new(time, MostKept), _exact = new(time, MostKept);

    public async Task<(MatrixView? Matrix, ProblemDetails? Problem)> MatrixAsync(Caller caller, Filter filter, CancellationToken ct)
    {
        if (publication.WindowFor(caller, filter, out var fault) is not { } window)
            return (null, Problems.BadParameter(fault.Name, fault.Why));
        var (_, whole) = await (caller.IsPublic ? _public : _exact).GetAsync((filter.Cc!, window),
            async cancel => matrices.View(await cells.MatrixAsync(filter.Cc!, window, publication.LeastFor(caller), cancel), caller), ct);
        return (MatrixReading.Narrow(whole, filter), null);
    }

    public void Dispose()
    {
        _public.Dispose();
        _exact.Dispose();
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
