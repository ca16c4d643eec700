namespace ProbeNet.Collector.Fleet;

/// <summary>
/// The fleet as the intake sees it. Kept while the store is away, so that a database outage stops no session.
/// </summary>
sealed class FleetMemory
{
    readonly Lock _lock = new();
    FleetState? _current;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null until the store was read for the first time.</summary>
    public FleetState? Current => Volatile.Read(ref _current);

    /// <summary>Completes with the next change. Take it before reading <see cref="Current"/>.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
                return _changed.Task;
        }
    }

    public void Replace(FleetState state)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _current, state);
        }
        changed.SetResult();
    }
}
