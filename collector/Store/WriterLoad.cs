namespace ProbeNet.Collector.Store;

/// <summary>How long batches have waited, all added up, until the writer of this process had stored them; where there is none, not at all.</summary>
sealed class WriterLoad
{
    long _ticks;

    /// <summary>By Little's law what it grows by in a second is how many were waiting, on average.</summary>
    public TimeSpan Waited => new(Interlocked.Read(ref _ticks));

    public void Add(TimeSpan waited) => Interlocked.Add(ref _ticks, waited.Ticks);
}
