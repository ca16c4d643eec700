using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>Single measurements, for REST and pages alike. Whoever calls has checked that the caller is no public one, but for what was published.</summary>
sealed class RowReading(MeasurementQueries rows, ObservationReader observations, FindingQueries findings, AccessLog log, RowPublications publications, Publication publication, TimeProvider time)
{
    const int MaximumControls = 50;

    /// <summary>Logged before anything is read.</summary>
    /// <returns>The rows, and where the next page begins; null after the last.</returns>
    public async Task<(IReadOnlyList<RowView> Rows, Cursor? Next)> ListAsync(Caller caller, Filter filter, string what, CancellationToken ct)
    {
        await log.WriteAsync(caller.KeyId!, what, ct);
        var now = time.GetUtcNow();
        var end = filter.AsOf is { } asOf && asOf < now ? asOf : now.AddDays(1);
        var until = filter.Until is { } asked && asked < end ? asked : end;
        var query = new RowFilter
        {
            Cc = filter.Cc,
            Asn = filter.Asn,
            Target = filter.Domain,
            CategoryCode = filter.CategoryCode,
            Since = filter.Since ?? until.AddDays(-CellWindow.DefaultDays),
            Until = until,
            After = filter.After is { } after ? (after.Time, after.Uid) : null,
        };
        var read = await rows.RowsAsync(query, filter.Limit, ct).ToListAsync(ct);
        var judged = await findings.JudgeAsync([.. read.Select(measurement => measurement.Row)], ct);
        var views = read.Zip(judged, RowView.Of).Where(view => filter.Mechanism is null || view.Finding.Mechanisms.Any(filter.MatchesMechanism)).ToList();
        return (views, read.Count == filter.Limit ? new(read[^1].Row.Time, read[^1].Row.Uid) : null);
    }

    public async Task<RowDetail?> FindAsync(Caller caller, Guid uid, CancellationToken ct)
    {
        await log.WriteAsync(caller.KeyId!, $"measurement {uid}", ct);
        if (await rows.FindAsync(uid, ct) is not { } found)
            return null;
        var controls = await ControlsAsync(found.Row, ct);
        return new(
            await ViewAsync(found, ct), ReadableFacts.Facts(found.Row.Details), ReadableFacts.Circumstance(found.Row.Details),
            [.. controls.Select(control => new ControlView(control.Uid, control.Time, control.Asn, ReadableFacts.Facts(control.Details)))]);
    }

    /// <summary>What a named person made public, once its day is over for the caller.</summary>
    public async Task<IReadOnlyList<PublishedRowView>> PublishedAsync(Caller caller, CancellationToken ct)
    {
        var published = await publications.RowsAsync(publication.EndFor(caller), ct);
        var judged = await findings.JudgeAsync([.. published.Select(measurement => measurement.Row)], ct);
        return [.. published.Zip(judged, PublishedRowView.Of)];
    }

    public async Task<RowView> ViewAsync(ListedMeasurement measurement, CancellationToken ct) =>
        RowView.Of(measurement, (await findings.JudgeAsync([measurement.Row], ct))[0]);

    /// <summary>What controls saw of the same host when it bears on this measurement, nearest first.</summary>
    public async Task<IReadOnlyList<StoredMeasurement>> ControlsAsync(StoredMeasurement row, CancellationToken ct) =>
        await observations.ControlsAsync(row.Target, row.Time - ControlTimeline.Reach, row.Time + ControlTimeline.Reach, ct)
            .OrderBy(control => (control.Time - row.Time).Duration()).Take(MaximumControls).ToListAsync(ct);
}
