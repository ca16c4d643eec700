using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Findings of single measurements, under the rules and controls of now.</summary>
sealed class FindingQueries(ObservationReader reader, DirtyDays dirtyDays, FingerprintSet fingerprints)
{
    /// <returns>In the order of the measurements.</returns>
    public async Task<IReadOnlyList<Finding>> JudgeAsync(IReadOnlyList<StoredMeasurement> measurements, CancellationToken ct)
    {
        var findings = new Finding[measurements.Count];
        foreach (var day in measurements.Index().GroupBy(m => (m.Item.Cc, m.Item.Target, Day: DateOnly.FromDateTime(m.Item.Time.UtcDateTime))))
        {
            var shared = await dirtyDays.SharedMarksAsync(day.Key.Cc, day.Key.Day, day.Key.Target, ct);
            var controls = await Judging.ControlsAsync(reader, day.Key.Target, day.Min(m => m.Item.Time), day.Max(m => m.Item.Time), ct);
            var judging = new Judging(reader, controls, day.Key.Cc, fingerprints, shared);
            foreach (var (index, measurement) in day)
                findings[index] = (await judging.JudgeAsync(measurement, ct)).Judgement.Finding;
        }
        return findings;
    }
}
