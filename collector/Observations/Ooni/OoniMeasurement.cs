using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Observations.Ooni;

/// <summary>One web_connectivity measurement in this project's terms.</summary>
/// <param name="Asn">Of the probe; 0 when unknown.</param>
/// <param name="Facts">What the probe saw.</param>
/// <param name="Helper">What OONI's helper saw of the same input; null when it was not reached.</param>
sealed record OoniMeasurement(
    DateTimeOffset Time, string Cc, long Asn, string ReportId, string SoftwareVersion, string TestVersion, OoniVerdict Verdict, Facts Facts, Facts? Helper);
