using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Exchange;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>The rows of every export, for one caller, as the pages and the REST interface would show them.</summary>
sealed class ExportRows(
    CellQueries cells, MatrixReading matrices, EventReading events, MeasurementQueries measurements, FindingQueries findings, ObservationReader observations, EvidenceQueries evidence,
    Publication publication, TimeProvider time)
{
    public string Licence => publication.Licence;

    /// <summary>A row for each site and provider, of the whole window.</summary>
    /// <param name="asOf">What the rows say of themselves; null: when they were computed.</param>
    public async IAsyncEnumerable<MatrixRow> CellsAsync(Caller caller, Filter filter, CellWindow window, DateTimeOffset? asOf, [EnumeratorCancellation] CancellationToken ct)
    {
        var matrix = await cells.MatrixAsync(filter.Cc!, window, publication.LeastFor(caller), ct);
        foreach (var row in MatrixCsv.Rows(matrices.View(matrix with { AsOf = asOf ?? matrix.AsOf }, filter, caller)))
            yield return row;
    }

    /// <summary>A row for each provider of each event.</summary>
    public async IAsyncEnumerable<(EventView Event, EventIspView Isp)> EventsAsync(Caller caller, Filter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        Cursor? next = null;
        do
        {
            var (page, after, _) = await events.ListAsync(caller, filter with { After = next, Limit = Filter.MaximumLimit }, ct);
            foreach (var e in page)
                foreach (var isp in e.Isps)
                    yield return (e, isp);
            next = after;
        }
        while (next is not null);
    }

    public IAsyncEnumerable<RowView> RowsAsync(Filter filter, CancellationToken ct) =>
        JudgedAsync(filter, ct).Select(row => RowView.Of(row.Measurement, row.Finding)).Where(view => filter.Mechanism is null || view.Finding.Mechanisms.Any(filter.MatchesMechanism));

    /// <summary>In OONI's format.</summary>
    public async IAsyncEnumerable<JsonObject> OoniAsync(Filter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var subjects = new OoniSubjects(observations, evidence, asn => matrices.NameOf(asn) ?? "", publication.Licence);
        await foreach (var (measurement, finding) in JudgedAsync(filter, ct))
            if (measurement.Row.Role == Protos.V1.Role.Agent)
                yield return OoniDocument.Of(await subjects.OfAsync(measurement, finding, ct));
    }

    async IAsyncEnumerable<(ListedMeasurement Measurement, Finding Finding)> JudgedAsync(Filter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var until = filter.Until ?? time.GetUtcNow().AddDays(1);
        if (filter.AsOf < until)
            until = filter.AsOf.Value;
        var query = new RowFilter
        {
            Cc = filter.Cc,
            Asn = filter.Asn,
            Target = filter.Domain,
            CategoryCode = filter.CategoryCode,
            Since = filter.Since ?? until.AddDays(-CellWindow.DefaultDays),
            Until = until,
        };
        while (true)
        {
            var page = await measurements.RowsAsync(query, Filter.MaximumLimit, ct).ToListAsync(ct);
            var judged = await findings.JudgeAsync([.. page.Select(measurement => measurement.Row)], ct);
            foreach (var row in page.Zip(judged))
                yield return row;
            if (page.Count < Filter.MaximumLimit)
                yield break;
            query = query with { After = (page[^1].Row.Time, page[^1].Row.Uid) };
        }
    }
}
