namespace ProbeNet.Collector.Fleet.Tasks;

/// <summary>Collector:Tasks. How soon and how often volunteers are asked to look again at what others of their provider saw.</summary>
sealed class TaskOptions
{
    public const string Section = "Collector:Tasks";

    /// <summary>The longest wait before the next home is asked; the shortest is a twelfth of it. Zero asks at once.</summary>
    public TimeSpan Spread { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>Homes of one provider that are asked in an hour, for whatever.</summary>
    public int PerIspAndHour { get; set; } = 2;

    public bool IsValid() => Spread >= TimeSpan.Zero && Spread <= TimeSpan.FromDays(1) && PerIspAndHour >= 0;
}
