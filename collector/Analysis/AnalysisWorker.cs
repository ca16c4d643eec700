using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Looks for marked days and has them computed, one process at a time.</summary>
sealed partial class AnalysisWorker(
    NpgsqlDataSource source,
    DirtyDays dirtyDays,
    DayAnalysis analysis,
    WindowUpkeep upkeep,
    FingerprintSet fingerprints,
    IOptions<AnalysisOptions> options,
    IOptions<RetentionOptions> retention,
    AnalysisInstruments instruments,
    TimeProvider time,
    ILogger<AnalysisWorker> log) : BackgroundService
{
    // Any number, as long as every version of the collector uses the same.
    const long AdvisoryLock = 7205759403792793603;

    const int DaysPerPass = 100;

    static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    // Days that failed, under the mark that they failed with: they wait for another mark instead of holding up the rest.
    readonly HashSet<DirtyDay> _failed = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outdated = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                if (!outdated)
                    await MarkOutdatedAsync(stoppingToken);
                outdated = true;
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException e)
            {
                StoreFailed(e.Message);
            }
            // Writing comes first on a small machine: twice the time of a pass is left to the others.
            var rest = TimeSpan.FromTicks(Math.Min(time.GetElapsedTime(started).Ticks * 2, LongestRest.Ticks));
            await Task.Delay(rest > options.Value.Poll ? rest : options.Value.Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One pass.</summary>
    /// <returns>How many days were computed; 0 also when another process is at it.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (!(bool)(await ScalarAsync(connection, $"select pg_try_advisory_lock({AdvisoryLock})", ct))!)
            return 0;
        try
        {
            var computed = 0;
            foreach (var day in (await dirtyDays.NextAsync(DaysPerPass + _failed.Count, ct)).Where(d => !_failed.Contains(d)))
                computed += await TryAsync(day, ct) ? 1 : 0;
            await upkeep.RunAsync(ct);
            return computed;
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await ScalarAsync(connection, $"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    async Task<bool> TryAsync(DirtyDay day, CancellationToken ct)
    {
        try
        {
            await analysis.RunAsync(day, ct);
            instruments.Computed();
            return true;
        }
        catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
        {
            _failed.Add(day);
            instruments.Failed();
            DayFailed(e, day.Cc, day.Host, day.Day);
            return false;
        }
    }

    async Task MarkOutdatedAsync(CancellationToken ct)
    {
        // A day whose measurements are being deleted cannot be computed again: it keeps what it said.
        var since = DateOnly.FromDateTime((time.GetUtcNow() - retention.Value.Measurements).UtcDateTime).AddDays(8);
        var marked = await dirtyDays.MarkOutdatedAsync(Rules.Version, fingerprints.Version, since, ct);
        if (marked > 0)
            Outdated(marked);
    }

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The analysis waits for the store: {Reason}")]
    private partial void StoreFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The day {Day} of {Host} in {Cc} cannot be computed and keeps its old result")]
    private partial void DayFailed(Exception exception, string cc, string host, DateOnly day);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Days} days are computed again under new rules or fingerprints")]
    private partial void Outdated(int days);
}
