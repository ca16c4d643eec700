using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Analysis.Reanalysis;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Has what is new in the log added, and marked days computed, one process at a time.</summary>
sealed partial class AnalysisWorker(
    NpgsqlDataSource source,
    DirtyDays dirtyDays,
    LogAnalysis arrivals,
    DayAnalysis analysis,
    WindowUpkeep upkeep,
    EventUpkeep events,
    MoveUpkeep moves,
    TrustUpkeep trust,
    ReanalysisRun reanalysis,
    IOptions<AnalysisOptions> options,
    AnalysisInstruments instruments,
    WriterLoad writer,
    TimeProvider time,
    ILogger<AnalysisWorker> log) : BackgroundService
{
    // Any number, as long as every version of the collector uses the same.
    internal const long AdvisoryLock = 7205759403792793603;

    const int DaysPerPass = 100;

    // With so many batches waiting on average the writer has more than it can do.
    const double WriterIsBehind = 12;

    static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    // What is new in the log is not kept waiting longer by marked days.
    static readonly TimeSpan LongestPass = TimeSpan.FromSeconds(1);

    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // Days that failed, under the mark that they failed with: they wait for another mark instead of holding up the rest.
    readonly HashSet<DirtyDay> _failed = [];

    // A day that took long to compute is not computed again before twenty times that has passed, however often it is marked.
    readonly Dictionary<(string Cc, string Host, DateOnly Day), DateTimeOffset> _paused = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outdated = ReanalyzeOutdatedAsync(stoppingToken);
        var (since, waited) = (time.GetTimestamp(), writer.Waited);
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var done = 0;
            try
            {
                done = await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (NpgsqlException e)
            {
                StoreFailed(e.Message);
            }
            var took = time.GetElapsedTime(started);
            var waiting = (writer.Waited - waited) / time.GetElapsedTime(since);
            (since, waited) = (time.GetTimestamp(), writer.Waited);
            // Writing comes first: nothing can be measured again, everything can be computed later.
            var rest = waiting > WriterIsBehind ? TimeSpan.FromTicks(Math.Min(took.Ticks * 9, LongestRest.Ticks)) : TimeSpan.Zero;
            var least = done == 0 ? options.Value.Poll : options.Value.Poll - took;
            await Task.Delay(rest > least ? rest : least > TimeSpan.Zero ? least : TimeSpan.Zero, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await outdated;
    }

    /// <summary>One pass.</summary>
    /// <returns>How many measurements were added and days computed; 0 also when another process is at it.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (!(bool)(await ScalarAsync(connection, $"select pg_try_advisory_lock({AdvisoryLock})", ct))!)
            return 0;
        try
        {
            var started = time.GetTimestamp();
            var computed = await arrivals.RunAsync(ct);
            foreach (var day in await NextAsync(ct))
            {
                computed += await TryAsync(day, ct) ? 1 : 0;
                if (time.GetElapsedTime(started) > LongestPass)
                    break;
            }
            await upkeep.RunAsync(ct);
            await moves.RunAsync(ct);
            await trust.RunAsync(ct);
            computed += await events.RunAsync(ct);
            await CellChanges.NumberAsync(connection, ct);
            return computed;
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await ScalarAsync(connection, $"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    async Task<IReadOnlyList<DirtyDay>> NextAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var over in _paused.Where(p => p.Value <= now).Select(p => p.Key).ToArray())
            _paused.Remove(over);
        return [.. (await dirtyDays.NextAsync(DaysPerPass + _failed.Count + _paused.Count, ct)).Where(d => !_failed.Contains(d) && !_paused.ContainsKey((d.Cc, d.Host, d.Day)))];
    }

    async Task<bool> TryAsync(DirtyDay day, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        try
        {
            if (day.IsControls)
                arrivals.Forget(day.Host);
            await analysis.RunAsync(day, ct);
            instruments.Computed();
            var took = time.GetElapsedTime(started);
            if (took > options.Value.Poll / 10)
                _paused[(day.Cc, day.Host, day.Day)] = time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(took.Ticks * 20, LongestPause.Ticks));
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

    // New rules or fingerprints of this program: beside the work of the day, and what they change is told.
    async Task ReanalyzeOutdatedAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await reanalysis.OutdatedAsync(ct) is not { } window)
                    return;
                if (await reanalysis.RunAsync(window, _ => { }, ct) is { } outcome)
                    Reanalyzed(outcome.Window.Since, outcome.Window.Until, outcome.Measurements, outcome.Changed, outcome.Cells.Count);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException e)
            {
                StoreFailed(e.Message);
            }
            await Task.Delay(LongestRest, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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

    [LoggerMessage(Level = LogLevel.Information, Message = "From {Since} until {Until} {Measurements} measurements were judged again under new rules or fingerprints: {UnitDays} unit days and {Cells} cells say something else")]
    private partial void Reanalyzed(DateOnly since, DateOnly until, long measurements, long unitDays, int cells);
}
