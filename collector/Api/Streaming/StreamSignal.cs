using Npgsql;

namespace ProbeNet.Collector.Api.Streaming;

/// <summary>
/// Tells readers that there is something new. While anybody waits, the store is asked once a second for two numbers, for all readers of this process
/// together, as the fleet's revision is: that works over any number of processes, poolers and both editions.
/// </summary>
sealed class StreamSignal(StreamReading reading, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    TaskCompletionSource<StreamPosition> _next = New();
    StreamPosition _newest = new(0, 0);
    int _waiting;

    /// <summary>Waits until there is something after the position, or the time is over.</summary>
    /// <returns>The newest position; null when the time is over.</returns>
    public async Task<StreamPosition?> AfterAsync(StreamPosition seen, TimeSpan patience, CancellationToken ct)
    {
        Task<StreamPosition> next;
        lock (_lock)
        {
            if (seen.IsBefore(_newest))
                return _newest;
            next = _next.Task;
            _waiting++;
        }
        try
        {
            return await next.WaitAsync(patience, time, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (_lock)
                _waiting--;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                if (Volatile.Read(ref _waiting) > 0)
                    Say(await reading.NewestAsync(stoppingToken));
            }
            catch (NpgsqlException)
            {
                // Readers hear that there is no news, and are told of everything once the store is back.
            }
    }

    void Say(StreamPosition newest)
    {
        TaskCompletionSource<StreamPosition> said;
        lock (_lock)
        {
            if (newest == _newest)
                return;
            _newest = newest;
            (said, _next) = (_next, New());
        }
        said.SetResult(newest);
    }

    static TaskCompletionSource<StreamPosition> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
