using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Rollout;

/// <summary>Collector:Rollout. How long a release stays at each stage at the least, and how much must have been measured there.</summary>
sealed class RolloutOptions
{
    public const string Section = "Collector:Rollout";

    static readonly RolloutRules Defaults = new();

    public TimeSpan Own { get; set; } = Defaults.Soak[Stage.Own];

    public TimeSpan Sixty { get; set; } = Defaults.Soak[Stage.Sixty];

    public TimeSpan ThreeHundred { get; set; } = Defaults.Soak[Stage.ThreeHundred];

    public TimeSpan Quarter { get; set; } = Defaults.Soak[Stage.Quarter];

    /// <summary>Runs of an agent before its figures count.</summary>
    public int Runs { get; set; } = Defaults.RunsOfAnAgent;

    /// <summary>Of the agents that have taken a release: those that must have measured with it.</summary>
    public double Measuring { get; set; } = Defaults.MeasuringShare;

    public bool IsValid() =>
        Own >= TimeSpan.Zero && Sixty >= TimeSpan.Zero && ThreeHundred >= TimeSpan.Zero && Quarter >= TimeSpan.Zero && Runs >= 0 && Measuring is >= 0 and <= 1;

    public RolloutRules Rules() => Defaults with
    {
        Soak = new Dictionary<Stage, TimeSpan>
        {
            [Stage.Own] = Own,
            [Stage.Sixty] = Sixty,
            [Stage.ThreeHundred] = ThreeHundred,
            [Stage.Quarter] = Quarter,
            [Stage.All] = TimeSpan.Zero,
        },
        RunsOfAnAgent = Runs,
        MeasuringShare = Measuring,
    };
}
