namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>Who looks how often, and what goes wrong.</summary>
/// <param name="PeriodHours">Between a unit's measurements.</param>
/// <param name="Noise">Chance that a measurement fails for nothing, its retests included.</param>
/// <param name="UploadHours">Longest wait until a unit's next contact; 0 for standing agents.</param>
/// <param name="Share">Of measurements that a block stops.</param>
/// <param name="Asks">Others are asked for what one saw, within the bounds of Collector:Tasks.</param>
sealed record StreamPlan(string Name, int Units, double PeriodHours, double Noise, double UploadHours = 0, double Share = 1, bool Asks = false)
{
    /// <summary>Site outages that controls notice.</summary>
    public const double Noticed = 0.99;

    public double Tunnels { get; init; } = 0.03;
    public double HomeFilters { get; init; } = 0.01;
    public double SiteOutagesEveryDays { get; init; } = 20;
    public double SiteOutageHours { get; init; } = 1.5;
    public double BurstsEveryDays { get; init; } = 7;
    public double BurstHours { get; init; } = 2;

    /// <summary>The same people with other troubles.</summary>
    public StreamPlan Elsewhere => this with { HomeFilters = 0.015, SiteOutagesEveryDays = 15, SiteOutageHours = 1, BurstsEveryDays = 5, BurstHours = 3 };
}
