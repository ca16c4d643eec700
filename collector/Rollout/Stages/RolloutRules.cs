namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>How long a stage waits, and what it waits for.</summary>
sealed record RolloutRules
{
    /// <summary>At the least, by stage.</summary>
    public IReadOnlyDictionary<Stage, TimeSpan> Soak { get; init; } = new Dictionary<Stage, TimeSpan>
    {
        [Stage.Own] = TimeSpan.FromMinutes(30),
        [Stage.Sixty] = TimeSpan.FromHours(6),
        [Stage.ThreeHundred] = TimeSpan.FromHours(12),
        [Stage.Quarter] = TimeSpan.FromHours(24),
        [Stage.All] = TimeSpan.Zero,
    };

    /// <summary>Of the agents that were admitted and are heard of.</summary>
    public double AppliedShare { get; init; } = 0.9;

    /// <summary>Runs of an agent before its means count.</summary>
    public int RunsOfAnAgent { get; init; } = 5;

    /// <summary>Of the agents that have applied: those whose means count.</summary>
    public double MeasuringShare { get; init; } = 0.5;
}
