using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Store.Writing;

namespace ProbeNet.Collector.Store;

/// <summary>What became of a batch. In each case it is durable and need not be sent again.</summary>
enum WriteOutcome
{
    Stored,

    /// <summary>The log already had it.</summary>
    Repeated,

    /// <summary>It cannot be stored and waits in the table of parked batches.</summary>
    Parked,
}

/// <summary>
/// Stores checked batches. Callers that come together share a transaction, and while one is at the database the next is gathered.
/// A database that is down or full is waited for: a write completes only after its commit, and nothing is dropped.
/// </summary>
sealed partial class MeasurementWriter(
    NpgsqlDataSource store, IOptions<WriterOptions> options, IOptions<RetentionOptions> retention, TimeProvider time,
    ILogger<MeasurementWriter> logger, WriterLoad? load = null) : BackgroundService, IBatchSink
{
    // Above it the cache of stored blobs is begun anew; certificates repeat, so a few thousand catch nearly all.
    const int KnownBlobsAtMost = 20_000;

    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(64);
    readonly SemaphoreSlim _gathering = new(1);
    readonly ConcurrentDictionary<ByteString, bool> _knownBlobs = new();
    readonly ConcurrentDictionary<DateOnly, bool> _knownDays = new();

    /// <summary>Completes after the commit, however long the database takes to come back.</summary>
    /// <exception cref="OperationCanceledException">The caller stopped waiting, or the writer stops; the batch may still be stored.</exception>
    public async Task<WriteOutcome> WriteAsync(CheckedBatch batch, CancellationToken ct)
    {
        var arrived = time.GetTimestamp();
        BatchRows? rows = null;
        string? reason = null;
        try
        {
            rows = BatchRows.Read(batch);
        }
        catch (PoisonException e)
        {
            reason = e.Message;
        }
        var waiting = new Waiting(batch, rows, reason, new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _waiting.Writer.WriteAsync(waiting, ct);
        }
        catch (ChannelClosedException e)
        {
            throw new OperationCanceledException("The writer has stopped.", e);
        }
        var outcome = await waiting.Done.Task.WaitAsync(ct);
        load?.Add(time.GetElapsedTime(arrived));
        return outcome;
    }

    Task IBatchSink.WriteAsync(CheckedBatch batch, CancellationToken ct) => WriteAsync(batch, ct);

    /// <summary>Completes when the rows are deleted and nothing still on its way can bring them back.</summary>
    public Task WithdrawAsync(CheckedWithdrawal withdrawal, CancellationToken ct) =>
        UntilCommittedAsync(() => WithdrawTransaction.CommitAsync(store, withdrawal, Today, ct), ct);

    /// <summary>Keeps bytes that are no batch.</summary>
    public Task ParkAsync(ReadOnlyMemory<byte> bytes, string reason, CancellationToken ct) =>
        UntilCommittedAsync(() => ParkedBatches.AddAsync(store, bytes, reason, Today, ct), ct);

    DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Value.Transactions).Select(_ => WorkAsync(stoppingToken)));
        }
        finally
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var left))
                left.Done.TrySetCanceled(CancellationToken.None);
        }
    }

    public override void Dispose()
    {
        _gathering.Dispose();
        base.Dispose();
    }

    async Task WorkAsync(CancellationToken ct)
    {
        var group = new List<Waiting>();
        try
        {
            while (await GatherAsync(group, ct))
            {
                await StoreAsync(group, ct);
                group.Clear();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Who waits is told below; nothing was acknowledged.
        }
        finally
        {
            foreach (var waiting in group)
                waiting.Done.TrySetCanceled(CancellationToken.None);
        }
    }

    // One at a time, so that what comes together stays together.
    async Task<bool> GatherAsync(List<Waiting> group, CancellationToken ct)
    {
        await _gathering.WaitAsync(ct);
        try
        {
            if (!await _waiting.Reader.WaitToReadAsync(ct))
                return false;
            await FillAsync(group, ct);
            return true;
        }
        finally
        {
            _gathering.Release();
        }
    }

    async Task FillAsync(List<Waiting> group, CancellationToken ct)
    {
        using var linger = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var rows = 0;
        while (true)
        {
            while (_waiting.Reader.TryPeek(out var next) && (group.Count == 0 || rows + next.Count <= options.Value.MaximumRows))
            {
                _waiting.Reader.TryRead(out next);
                group.Add(next!);
                rows += next!.Count;
            }
            if (rows >= options.Value.Rows || _waiting.Reader.TryPeek(out _))
                return;
            if (group.Count > 0 && !linger.IsCancellationRequested)
                linger.CancelAfter(options.Value.Linger);
            try
            {
                if (!await _waiting.Reader.WaitToReadAsync(linger.Token))
                    return;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    async Task StoreAsync(IReadOnlyList<Waiting> group, CancellationToken ct)
    {
        try
        {
            await UntilCommittedAsync(() => CommitAsync(group, ct), ct);
        }
        catch (PostgresException e) when (StoreFailures.IsData(e))
        {
            await StoreApartAsync(group, e, ct);
        }
    }

    // The same statements again are safe: what was committed is recognised by its seal.
    async Task UntilCommittedAsync(Func<Task> commit, CancellationToken ct)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        for (var failures = 0; ; failures++)
        {
            try
            {
                await commit();
                if (failures > 0)
                    LogBack(logger, failures);
                return;
            }
            catch (NpgsqlException e) when (e is not PostgresException refusal || !StoreFailures.IsData(refusal))
            {
                if (failures == 0)
                    LogWaiting(logger, e.SqlState ?? e.GetType().Name);
            }
            await Task.Delay(pause, time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // One batch of the group holds something that the database refuses: the others must not wait for it.
    async Task StoreApartAsync(IReadOnlyList<Waiting> group, PostgresException refusal, CancellationToken ct)
    {
        if (group is [var only])
            await StoreAsync([only with { Rows = null, Reason = $"refused by the database: {refusal.SqlState}" }], ct);
        else
            foreach (var waiting in group)
                await StoreAsync([waiting], ct);
    }

    async Task CommitAsync(IReadOnlyList<Waiting> group, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var transaction = new WriteTransaction(
            store, _knownBlobs, Today, now - retention.Value.Late, now + TimeSpan.FromDays(1));
        await EnsurePartitionsAsync(transaction, group, ct);
        var poison = group.Where(w => w.Rows is null).Select(w => new PoisonBatch(w.Batch, w.Reason!)).ToList();
        var (stored, repeated) = await CommitAsync(transaction, [.. group.Select(w => w.Rows).OfType<BatchRows>()], poison, ct);
        foreach (var (_, reason) in poison)
            LogParked(logger, reason);
        if (_knownBlobs.Count > KnownBlobsAtMost)
            _knownBlobs.Clear();
        StoreInstruments.Rows.Add(stored);
        foreach (var waiting in group)
        {
            var outcome = waiting.Rows is not { } rows ? WriteOutcome.Parked : repeated.Contains(rows) ? WriteOutcome.Repeated : WriteOutcome.Stored;
            StoreInstruments.Batches.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
            waiting.Rows?.Dispose();
            waiting.Done.TrySetResult(outcome);
        }
    }

    // A measurement that was sealed twice, or two deliveries of one batch at the same time: rare enough to be found out by failing.
    // Whoever was faster has committed by then, so that asking first helps; only a third may have come in between.
    static async Task<(long Rows, HashSet<BatchRows> Repeated)> CommitAsync(
        WriteTransaction transaction, IReadOnlyList<BatchRows> batches, IReadOnlyList<PoisonBatch> poison, CancellationToken ct)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await transaction.CommitAsync(batches, poison, someKnown: failures > 0, ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && failures < 5)
            {
            }
        }
    }

    async Task EnsurePartitionsAsync(WriteTransaction transaction, IReadOnlyList<Waiting> group, CancellationToken ct)
    {
        var missing = group.SelectMany(w => w.Rows?.Rows ?? [])
            .Where(row => row.Time >= transaction.LateBefore && row.Time < transaction.LateFrom)
            .Select(row => DateOnly.FromDateTime(row.Time)).Where(day => !_knownDays.ContainsKey(day)).Distinct().ToList();
        if (missing.Count == 0)
            return;
        await Partitions.EnsureAsync(store, missing.Min(), missing.Max(), ct);
        foreach (var day in missing)
            _knownDays[day] = true;
    }

    sealed record Waiting(CheckedBatch Batch, BatchRows? Rows, string? Reason, TaskCompletionSource<WriteOutcome> Done)
    {
        public int Count => Rows?.Rows.Count ?? 1;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store does not take writes ({Reason}); they wait")]
    static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store takes writes again after {Failures} failed tries")]
    static partial void LogBack(ILogger logger, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch was parked: {Reason}")]
    static partial void LogParked(ILogger logger, string reason);
}
