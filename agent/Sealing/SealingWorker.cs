using ProbeNet.Agent.Spool;

namespace ProbeNet.Agent.Sealing;

/// <summary>Seals full batches as they come, whether or not a collector can be reached.</summary>
sealed partial class SealingWorker(Journal journal, Sealer sealer, ILogger<SealingWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var appended = journal.NextAppend;
            if (sealer.SealFull() is var result and not AppendResult.Appended)
                NotSealed(result);
            await appended.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A batch was not written to the spool ({Result}); its measurements stay in the journal.")]
    private partial void NotSealed(AppendResult result);
}
