using System.Text.Json;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Collects what a bundle needs.</summary>
sealed class EvidenceReading(
    MeasurementQueries rows, EvidenceQueries evidence, RowReading reading, CollectorKeyStore keys, AccessLog log, TimeProvider time)
{
    /// <returns>A zip; null when there is no such measurement.</returns>
    public async Task<byte[]?> BundleAsync(Caller caller, Guid uid, CancellationToken ct)
    {
        await log.WriteAsync(caller.KeyId!, $"evidence {uid}", ct);
        if (await rows.FindAsync(uid, ct) is not { } measurement || await evidence.SealAsync(measurement.Row, ct) is not { } seal)
            return null;
        var facts = Facts.Parser.ParseFrom(SealedMeasurement.Parser.ParseFrom(measurement.Row.Details).Facts);
        var attachments = await evidence.AttachmentsAsync(facts.Tls.SelectMany(handshake => handshake.Chain).Select(hash => hash.ToByteArray()), ct);
        var view = await reading.ViewAsync(measurement, ct);
        var identity = (await keys.EnsureAsync(ct)).Identity;
        return EvidenceBundle.Write(
            new(measurement, seal, attachments, JsonSerializer.SerializeToUtf8Bytes(view, Json.Options), await reading.ControlsAsync(measurement.Row, ct), time.GetUtcNow()),
            identity);
    }
}
