using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis;

namespace ProbeNet.Collector.Api;

/// <summary>How the blocking of a country is organised, for one caller. To the public only cells that it may see count.</summary>
sealed class AttributionReading(AttributionQueries attributions, MoveQueries moves, Publication publication)
{
    public async Task<(AttributionView? View, ProblemDetails? Problem)> OfAsync(Caller caller, Filter filter, string cc, CancellationToken ct)
    {
        if (publication.WindowFor(caller, filter, out var fault) is not { } window)
            return (null, Problems.BadParameter(fault.Name, fault.Why));
        var (computed, found) = await attributions.OfAsync(cc, window, publication.LeastFor(caller), ct);
        var moved = publication.View(await moves.OfAsync(cc, window.Until, ct), caller);
        return (AttributionView.Of(found.Verdict, moved, Publication.Computed(computed, caller)) with { Intervals = found.Intervals }, null);
    }
}
