using ProbeNet.Agent.Identity;

namespace ProbeNet.Agent.Service;

/// <summary>Ends the service when its state was wiped beside it: what it holds in memory must not be written again.</summary>
sealed partial class StateGuard(StateDirectory directory, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StateGuard> logger) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (StateKey.Exists(directory))
                continue;
            Wiped();
            lifetime.StopApplication();
            return;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The state was wiped: the service ends.")]
    private partial void Wiped();
}
