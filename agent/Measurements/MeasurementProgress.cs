namespace ProbeNet.Agent.Measurements;

/// <summary>When the measurement loop was last seen at work. A watchdog that beats without it would watch nothing.</summary>
sealed class MeasurementProgress(TimeProvider time)
{
    long _last = time.GetTimestamp();

    /// <summary>Since the loop last came round; since the start where it has not yet.</summary>
    public TimeSpan Age => time.GetElapsedTime(Interlocked.Read(ref _last));

    public void Beat() => Interlocked.Exchange(ref _last, time.GetTimestamp());
}
