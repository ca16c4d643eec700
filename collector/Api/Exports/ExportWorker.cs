using Npgsql;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>Makes the files of exports, one day at a time, the export that has fewest first: a long one does not keep others waiting.</summary>
sealed partial class ExportWorker(ExportJobs jobs, TimeProvider time, ILogger<ExportWorker> logger) : BackgroundService
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Tidying = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(MakeAsync(stoppingToken), TidyAsync(stoppingToken));

    async Task MakeAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var open = (await jobs.AllAsync(ct)).Where(state => state.IsOpen).MinBy(state => state.Manifest.Partitions.Count);
                if (open is not null)
                    await MakeAsync(open, ct);
                else
                    await jobs.WasAsked.ReadAsync(ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNoPlace(logger, e.GetType().Name);
                await Task.Delay(Tidying, time, ct);
            }
        }
    }

    async Task MakeAsync(ExportState state, CancellationToken ct)
    {
        try
        {
            await jobs.MakeNextAsync(state, ct);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            LogStoreAway(logger, e.GetType().Name);
            await Task.Delay(Again, time, ct);
        }
        // Whatever it is, the next export is not kept from its turn.
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Removed meanwhile: nothing failed.
            if (await jobs.FindAsync(state.Job.Id, ct) is null)
                return;
            LogFailed(logger, e, state.Job.Id);
            await jobs.FailAsync(state, $"The file of {state.Manifest.Days.Except(state.Manifest.Partitions.Select(part => part.Day)).First():yyyy-MM-dd} cannot be made. The collector's log says why.", ct);
        }
    }

    async Task TidyAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Tidying, time);
        do
        {
            try
            {
                await jobs.RemoveExpiredAsync(ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNoPlace(logger, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Exports wait for the store ({Reason})")]
    static partial void LogStoreAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The place of exports in the state directory cannot be used ({Reason}); it is tried again within the hour")]
    static partial void LogNoPlace(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Export {Id} failed")]
    static partial void LogFailed(ILogger logger, Exception e, string id);
}
