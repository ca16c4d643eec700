namespace ProbeNet.Benchmarks.Reads;

/// <summary>How long each of some answers took.</summary>
sealed class Latencies(IEnumerable<TimeSpan> taken)
{
    readonly TimeSpan[] _sorted = [.. taken.Order()];

    public int Count => _sorted.Length;

    public TimeSpan P95 => At(0.95);

    public override string ToString() => $"p50 {At(0.5).TotalMilliseconds:0.0} ms, p95 {P95.TotalMilliseconds:0.0} ms, p99 {At(0.99).TotalMilliseconds:0.0} ms, longest {_sorted[^1].TotalMilliseconds:0} ms of {Count:N0}";

    TimeSpan At(double share) => _sorted[Math.Min(_sorted.Length - 1, (int)(share * _sorted.Length))];
}
