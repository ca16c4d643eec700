namespace ProbeNet.Agent.Probes;

/// <summary>Microseconds since the start of one measurement, on the monotonic clock.</summary>
sealed class ProbeClock(TimeProvider time)
{
    readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public uint Now => (uint)Math.Clamp(time.GetElapsedTime(_start).TotalMicroseconds, 0, uint.MaxValue);

    public uint Since(uint started) => Now - started;
}
