using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>What was measured by how many, for one caller, for REST and pages alike.</summary>
sealed class CoverageReading(CoverageQueries queries, ControlDays controls, CellReading cells, Publication publication, MatrixReading names)
{
    public Task<(IReadOnlyList<CoverageView>? Days, ProblemDetails? Problem)> DaysAsync(Caller caller, Filter filter, CancellationToken ct) =>
        InWindowAsync<IReadOnlyList<CoverageView>>(caller, filter, async window =>
        [
            .. (await queries.DaysAsync(filter.Cc, filter.Asn, window.Since, window.Until, ct)).Select(row =>
            {
                Count Of(int number) => publication.View(number, row.Units, caller);
                return new CoverageView(row.Day, row.Cc, row.Asn, names.NameOf(row.Asn), Of(row.Units), Of(row.Targets), Of(row.Runs), Of(row.Discarded));
            // A day without figures would tell that somebody was there.
            }).Where(day => !day.Units.IsHidden),
        ]);

    public Task<(IReadOnlyList<IspSummary>? Isps, ProblemDetails? Problem)> IspsAsync(Caller caller, Filter filter, CancellationToken ct) =>
        InWindowAsync<IReadOnlyList<IspSummary>>(caller, filter, async window =>
            [.. (await queries.IspsAsync(filter.Cc, null, window.Since, window.Until, publication.LeastFor(caller), ct)).Select(row => Summary(row, caller))]);

    /// <param name="asn">As a path has it.</param>
    /// <returns>With its cells. An AS in two countries is shown where more was measured.</returns>
    public async Task<(IspSummary? Isp, ProblemDetails? Problem)> IspAsync(Caller caller, Filter filter, string asn, CancellationToken ct)
    {
        if (!FilterReader.TryAsn(asn, out var number))
            return (null, Problems.BadParameter("asn", $"must be {FilterReader.Meaning("asn")}."));
        var (rows, problem) = await InWindowAsync<IReadOnlyList<IspRow>>(caller, filter, window => queries.IspsAsync(filter.Cc, number, window.Since, window.Until, publication.LeastFor(caller), ct));
        if (rows is null)
            return (null, problem);
        if (rows.MaxBy(row => row.Runs) is not { } isp)
            return (null, Problems.NotFound($"Nothing was ever measured from AS{number}."));
        (var matrix, problem) = await cells.MatrixAsync(caller, filter with { Cc = isp.Cc, Asn = number }, ct);
        return matrix is null ? (null, problem) : (Summary(isp, caller) with { Cells = matrix.Cells }, null);
    }

    public Task<(IReadOnlyList<ControlRow>? Days, ProblemDetails? Problem)> ControlsAsync(Caller caller, Filter filter, CancellationToken ct) =>
        InWindowAsync<IReadOnlyList<ControlRow>>(caller, filter, async window =>
        [
            .. (await controls.HealthAsync(window.Since, window.Until, ct)).Select(day =>
            {
                var asn = day.Network.StartsWith("AS", StringComparison.Ordinal) ? long.Parse(day.Network.AsSpan(2), CultureInfo.InvariantCulture) : (long?)null;
                return new ControlRow(day.Day, asn, asn is { } known ? names.NameOf(known) : null, day.Hosts, day.Measurements, day.Reached, day.Discarded, day.Dissents, day.IsHealthy);
            }),
        ]);

    async Task<(T? Answer, ProblemDetails? Problem)> InWindowAsync<T>(Caller caller, Filter filter, Func<CellWindow, Task<T>> read) where T : class =>
        publication.WindowFor(caller, filter, out var fault) is { } window ? (await read(window), null) : (null, Problems.BadParameter(fault.Name, fault.Why));

    IspSummary Summary(IspRow row, Caller caller)
    {
        Count Of(int number) => publication.View(number, row.Units, caller);
        var shown = !Of(row.Units).IsHidden;
        return new(row.Asn, names.NameOf(row.Asn), row.Cc, shown ? row.FirstDay : null, shown ? row.LastDay : null,
            Of(row.Units), Of(row.Targets), Of(row.Runs), Of(row.Discarded));
    }
}
