using System.Diagnostics.Metrics;

namespace ProbeNet.Collector.Intake;

sealed class IntakeInstruments
{
    readonly UpDownCounter<int> _sessions;
    readonly Counter<long> _batches;
    readonly Counter<long> _measurements;
    readonly Counter<long> _enrolments;
    readonly Counter<long> _refusals;
    readonly Counter<long> _tasks;
    readonly Histogram<double> _acknowledged;

    public IntakeInstruments(IMeterFactory meters)
    {
        var meter = meters.Create("ProbeNet.Collector.Intake");
        _sessions = meter.CreateUpDownCounter<int>("probenet.intake.sessions", "{session}", "Sessions that are open");
        _batches = meter.CreateCounter<long>("probenet.intake.batches", "{batch}", "Batches answered, by outcome");
        _measurements = meter.CreateCounter<long>("probenet.intake.measurements", "{measurement}", "Measurements in accepted batches");
        _enrolments = meter.CreateCounter<long>("probenet.intake.enrolments", "{enrolment}", "Redemptions and certificates, by outcome");
        _refusals = meter.CreateCounter<long>("probenet.intake.refusals", "{session}", "Sessions refused, by reason");
        _tasks = meter.CreateCounter<long>("probenet.intake.tasks", "{task}", "Answers of volunteers who were asked to look again, by outcome");
        _acknowledged = meter.CreateHistogram<double>("probenet.intake.acknowledged", "s", "From a batch's arrival to its receipt");
    }

    public void SessionOpened() => _sessions.Add(1);

    public void SessionClosed() => _sessions.Add(-1);

    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Enrolled(string? refusal) => _enrolments.Add(1, new KeyValuePair<string, object?>("outcome", refusal ?? "accepted"));

    public void Asked(bool runs) => _tasks.Add(1, new KeyValuePair<string, object?>("outcome", runs ? "taken" : "refused"));

    public void Answered(string? refusal, uint measurements, TimeSpan took)
    {
        _batches.Add(1, new KeyValuePair<string, object?>("outcome", refusal ?? "accepted"));
        if (refusal is not null)
            return;
        _measurements.Add(measurements);
        _acknowledged.Record(took.TotalSeconds);
    }
}
