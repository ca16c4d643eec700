using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>An imported measurement of OONI's with its verdict and what this project's rules make of it.</summary>
/// <param name="Agrees">Null where OONI does not decide.</param>
sealed record OoniView(DateTimeOffset Time, string Cc, long Asn, string? Isp, string Input, string Domain, string ReportId, string SoftwareVersion, OoniVerdict Verdict, FindingView Finding, bool? Agrees);

/// <summary>OONI's word beside ours. Single measurements: whoever calls has checked that the caller is no public one.</summary>
sealed class OoniReading(OoniMeasurements store, FingerprintSet fingerprints, MatrixReading names, AccessLog log)
{
    public const int Most = 1000;

    /// <summary>Logged before anything is read. Differences first, then latest first; <see cref="Most"/> of the latest at most.</summary>
    public async Task<IReadOnlyList<OoniView>> ListAsync(Caller caller, Filter filter, string what, CancellationToken ct)
    {
        await log.WriteAsync(caller.KeyId!, what, ct);
        var until = filter.AsOf is { } asOf && (filter.Until is null || asOf < filter.Until) ? asOf : filter.Until;
        var read = await store.ListAsync(new(filter.Cc, filter.Asn, filter.Domain, filter.Since, until), Most, ct);
        return [.. read.Select(View).OrderBy(view => view.Agrees switch { false => 0, null => 1, true => 2 })];
    }

    OoniView View(OoniMeasurement measurement)
    {
        var finding = OoniJudging.Judge(measurement, fingerprints);
        return new(measurement.Time, measurement.Cc, measurement.Asn, names.NameOf(measurement.Asn), measurement.Facts.Input, ObservationParser.HostOfInput(measurement.Facts.Input),
            measurement.ReportId, measurement.SoftwareVersion, measurement.Verdict, FindingView.Of(finding), OoniJudging.Agrees(measurement.Verdict, finding));
    }
}
