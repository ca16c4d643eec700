using Npgsql;

namespace ProbeNet.Collector.Api.Dumps;

/// <summary>Looks every hour whether a day is to be published, and at the start and once a day whether one is to be published anew.</summary>
sealed partial class DumpWorker(DumpMaker maker, TimeProvider time, ILogger<DumpWorker> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        DateOnly looked = default;
        do
        {
            try
            {
                var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
                if (await maker.RunOnceAsync(again: looked != today, stoppingToken) is > 0 and var added)
                    LogAdded(logger, added);
                looked = today;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or UnauthorizedAccessException)
            {
                LogFailed(logger, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Added} versions of public days were made")]
    static partial void LogAdded(ILogger logger, int added);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Public days could not be made ({Reason}); they are tried again")]
    static partial void LogFailed(ILogger logger, string reason);
}
