using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace ProbeNet.Collector.Tests.Store;

/// <summary>A clock that stands until it is moved.</summary>
sealed class TestClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    /// <summary>
    /// What is measured with it takes its time while the hour stands, so that what is kept for as long as it took to compute is kept.
    /// Otherwise everything takes no time and nothing is kept.
    /// </summary>
    public bool MeasuresTime { get; set; }

    public override long GetTimestamp() => MeasuresTime ? Stopwatch.GetElapsedTime(0).Ticks : base.GetTimestamp();
}
