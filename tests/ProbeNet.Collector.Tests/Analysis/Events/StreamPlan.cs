namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>Who looks how often, and what goes wrong.</summary>
/// <param name="PeriodHours">Between a unit's measurements.</param>
/// <param name="Noise">Chance that a measurement fails for nothing, its retests included.</param>
/// <param name="UploadHours">Longest wait until a unit's next contact; 0 for standing agents.</param>
/// <param name="Share">Of measurements that a block stops.</param>
sealed record StreamPlan(string Name, int Units, double PeriodHours, double Noise, double UploadHours = 0, double Share = 1)
{
    public const double Tunnels = 0.03;
    public const double HomeFilters = 0.01;
    /// <summary>Site outages that controls notice.</summary>
    public const double Noticed = 0.99;
    public const double SiteOutagesEveryDays = 20;
    public const double SiteOutageHours = 1.5;
    public const double BurstsEveryDays = 7;
    public const double BurstHours = 2;
}
