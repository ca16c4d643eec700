using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Exchange;

/// <summary>Fetches what OONI's format wants of a measurement beside its facts.</summary>
/// <param name="networkName">Empty where there is none.</param>
sealed class OoniSubjects(ObservationReader observations, EvidenceQueries evidence, Func<long, string> networkName, string licence)
{
    public async Task<OoniSubject> OfAsync(ListedMeasurement measurement, Finding finding, CancellationToken ct)
    {
        var row = measurement.Row;
        var control = await observations.ControlsAsync(row.Target, row.Time - ControlTimeline.Reach, row.Time + ControlTimeline.Reach, ct)
            .Where(one => one.Input == row.Input).OrderBy(one => (one.Time - row.Time).Duration()).FirstOrDefaultAsync(ct);
        var hashes = FactsOf(row.Details).Tls.SelectMany(handshake => handshake.Chain).Select(hash => hash.ToByteArray());
        var certificates = (await evidence.AttachmentsAsync(hashes, ct)).ToDictionary(one => Convert.ToHexStringLower(one.Hash), one => one.Bytes, StringComparer.Ordinal);
        return new(row, measurement.AgentVersion, networkName(row.Asn), finding, control is null ? null : FactsOf(control.Details), certificates, licence);
    }

    static Facts FactsOf(byte[] details) => Facts.Parser.ParseFrom(SealedMeasurement.Parser.ParseFrom(details).Facts);
}
