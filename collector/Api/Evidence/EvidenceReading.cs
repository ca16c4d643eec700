using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Collects what a bundle needs.</summary>
sealed class EvidenceReading(
    MeasurementQueries rows, EvidenceQueries evidence, LogQueries batches, HeadStamps stamps, FindingQueries findings, ObservationReader observations, DirtyDays days,
    FingerprintSet fingerprints, CellReading cells, Publication publication, CollectorKeyStore keys, AccessLog log, TimeProvider time)
{
    const int MostControls = 200;

    /// <param name="circumstance">With network, list, reason and time as they were sealed.</param>
    /// <returns>A zip; null when there is no such measurement.</returns>
    public async Task<byte[]?> BundleAsync(Caller caller, Guid uid, bool circumstance, CancellationToken ct)
    {
        await log.WriteAsync(caller.KeyId!, circumstance ? $"evidence {uid} with circumstance" : $"evidence {uid}", ct);
        if (await rows.FindAsync(uid, ct) is not { } measurement || await evidence.SealAsync(measurement.Row, ct) is not { } seal)
            return null;
        var row = measurement.Row;
        var day = DateOnly.FromDateTime(row.Time.UtcDateTime);
        var facts = Facts.Parser.ParseFrom(SealedMeasurement.Parser.ParseFrom(row.Details).Facts);
        var (controls, all) = await ControlsAsync(row.Target, day, ct);
        return EvidenceBundle.Write(
            new(
                measurement, circumstance, seal, await LoggedAsync(seal, ct),
                await evidence.AttachmentsAsync(facts.Tls.SelectMany(handshake => handshake.Chain).Select(hash => hash.ToByteArray()), ct),
                (await findings.JudgeAsync([row], ct))[0], await days.SharedMarksAsync(row.Cc, day, row.Target, ct), fingerprints, controls, all,
                await CellAsync(caller, row, day, ct), publication.Licence, Today),
            (await keys.EnsureAsync(ct)).Identity);
    }

    DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    // Whole days, so that the choice tells nothing of the measurement's time.
    async Task<(IReadOnlyList<StoredMeasurement> Controls, bool All)> ControlsAsync(string host, DateOnly day, CancellationToken ct)
    {
        DateTimeOffset from = new(day.AddDays(-1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), noon = from.AddDays(1.5);
        var found = await observations.ControlsAsync(host, from, from.AddDays(3), ct).ToListAsync(ct);
        return ([.. found.OrderBy(control => (control.Time - noon).Duration()).Take(MostControls).OrderBy(control => control.Time).ThenBy(control => control.Uid)], found.Count <= MostControls);
    }

    async Task<LoggedDay?> LoggedAsync(StoredSeal seal, CancellationToken ct)
    {
        if (seal.Log is not { } leaf)
            return null;
        var heads = await batches.HeadsAsync(ct);
        var (first, leaves) = heads.Any(head => head.Day == leaf.Day) ? await batches.LeavesAsync(leaf.Day, ct) : (0, []);
        // The newest state that an outside authority saw, if the day is in it; else the newest of all.
        return await stamps.NewestAsync(ct) is { } stamp && stamp.Days <= heads.Count && heads.Take(stamp.Days).Any(head => head.Day == leaf.Day)
            ? new(leaf, first, leaves, [.. heads.Take(stamp.Days)], stamp.Token)
            : new(leaf, first, leaves, heads, null);
    }

    // Seven days with the measurement's in the middle, or the last seven where it is younger than that.
    async Task<ExplanationView?> CellAsync(Caller caller, StoredMeasurement row, DateOnly day, CancellationToken ct)
    {
        if (row.Role == Role.Control || row.Asn == 0)
            return null;
        var until = day.AddDays(4) <= Today ? day.AddDays(4) : Today.AddDays(1);
        var filter = new Filter { Since = Midnight(until.AddDays(-CellWindow.DefaultDays)), Until = Midnight(until) };
        // A list may mark the page; else the host is the target.
        return (await cells.CellAsync(caller, filter, row.Cc, row.Input, row.Asn, ct)).View
            ?? (await cells.CellAsync(caller, filter, row.Cc, row.Target, row.Asn, ct)).View;
    }

    static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
