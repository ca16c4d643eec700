using Microsoft.Extensions.Options;

namespace ProbeNet.Collector.Fleet.Tasks;

/// <summary>The bounds of <see cref="TaskOptions"/>, with waits drawn anew each time.</summary>
sealed class TaskBounds(IOptions<TaskOptions> options, Func<double> draw)
{
    const double ShortestShare = 1.0 / 12;

    public int PerIspAndHour => options.Value.PerIspAndHour;

    /// <summary>Until the next home is asked.</summary>
    public TimeSpan Wait() => options.Value.Spread * (ShortestShare + ((1 - ShortestShare) * draw()));
}
