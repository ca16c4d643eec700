using Microsoft.Extensions.Options;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Fleet.Tasks;
using ProbeNet.Collector.Queue;

namespace ProbeNet.Collector.Intake;

/// <summary>What all sessions share.</summary>
sealed class AgentSessionParts(
    FleetMemory fleet, EnrolmentDesk desk, AgentReports reports, TaskRounds tasks, IBatchQueue queue, KeyRates rates, IntakeInstruments instruments,
    IOptions<IntakeOptions> options, TimeProvider time, IHostApplicationLifetime lifetime) : IDisposable
{
    public FleetMemory Fleet => fleet;

    public EnrolmentDesk Desk => desk;

    public AgentReports Reports => reports;

    public TaskRounds Tasks => tasks;

    public IBatchQueue Queue => queue;

    public KeyRates Rates => rates;

    public IntakeInstruments Instruments => instruments;

    public IntakeOptions Options => options.Value;

    public TimeProvider Time => time;

    /// <summary>A batch on its way is not abandoned with its session, only with the process.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>One permit for each batch in memory. Who finds none stops reading, and the stream slows.</summary>
    public SemaphoreSlim Room { get; } = new(options.Value.InFlight);

    public void Dispose() => Room.Dispose();
}
