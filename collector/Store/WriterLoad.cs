namespace ProbeNet.Collector.Store;

/// <summary>How long the writer of this process has been at work; where there is none, not at all.</summary>
sealed class WriterLoad
{
    long _ticks;

    public TimeSpan Worked => new(Interlocked.Read(ref _ticks));

    public void Add(TimeSpan worked) => Interlocked.Add(ref _ticks, worked.Ticks);
}
