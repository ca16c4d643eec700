using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// This project's rules over a measurement of OONI's. OONI asks one helper, so its word stands for the two networks that are
/// asked for here, and it tries no references: such a finding is shown beside OONI's verdict and enters no cell.
/// </summary>
static class OoniJudging
{
    public static Finding Judge(OoniMeasurement measurement, FingerprintSet fingerprints)
    {
        var circumstance = new Circumstance { Time = measurement.Time.ToUnixTimeSeconds(), TimeGrain = 1 };
        ControlSight[] helper = measurement.Helper is { } facts && ObservationParser.Of(facts, circumstance) is { } seen
            ? [new(measurement.Time, new Guid(1, 0, 0, new byte[8]), "helper", seen), new(measurement.Time, new Guid(2, 0, 0, new byte[8]), "helper, again", seen)]
            : [];
        var context = JudgingContext.For(measurement.Cc) with { Fingerprints = fingerprints, WantsReferences = false };
        var finding = FindingJudge.Judge(ObservationParser.Of(measurement.Facts, circumstance), new ControlTimeline(helper).At(measurement.Time), context).Finding;
        return finding with { Controls = helper.Length > 0 ? ["helper"] : [] };
    }

    /// <summary>Whether both speak of interference, or neither does; null where OONI does not decide.</summary>
    public static bool? Agrees(OoniVerdict verdict, Finding finding) =>
        verdict.Accuses is { } accuses ? accuses == (finding.Outcome.IsInterference() || finding.Outcome == Outcome.Slow) : null;
}
