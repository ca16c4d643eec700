using System.Diagnostics.Metrics;

namespace ProbeNet.Collector.Analysis;

sealed class AnalysisInstruments
{
    readonly Counter<long> _days;
    readonly Counter<long> _failures;
    readonly Counter<long> _measurements;

    public AnalysisInstruments(IMeterFactory meters)
    {
        var meter = meters.Create("ProbeNet.Collector.Analysis");
        _days = meter.CreateCounter<long>("probenet.analysis.days", "{day}", "Days of a target computed again");
        _failures = meter.CreateCounter<long>("probenet.analysis.failures", "{day}", "Days of a target that could not be computed");
        _measurements = meter.CreateCounter<long>("probenet.analysis.measurements", "{measurement}", "Measurements added to unit days as they came");
    }

    /// <param name="measurements">Added to the unit days that were there.</param>
    public void Added(int measurements) => _measurements.Add(measurements);

    public void Computed() => _days.Add(1);

    public void Failed() => _failures.Add(1);
}
