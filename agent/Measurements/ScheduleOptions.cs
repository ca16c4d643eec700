namespace ProbeNet.Agent.Measurements;

/// <summary>Section <c>Agent:Schedule</c>.</summary>
sealed class ScheduleOptions
{
    public const string Section = "Agent:Schedule";

    /// <summary>Between rounds of the inputs marked `priority`.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Between rounds of the other inputs.</summary>
    public TimeSpan OtherInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The part of the inputs that a round takes, 0 to 1. Null: drawn for each round, 0.6 to 0.9.</summary>
    public double? Share { get; set; }

    /// <summary>Inputs started a minute.</summary>
    public double Rate { get; set; } = 1;

    /// <summary>Measurements at a time. Null: 4, and 64 where the rate is above 60.</summary>
    public int? Concurrency { get; set; }

    /// <summary>How far a gap between starts may differ from the rate's, 0 to 1.</summary>
    public double Jitter { get; set; } = 0.5;

    public int AtOnce => Concurrency ?? (Rate > 60 ? 64 : 4);

    public bool IsValid() =>
        Interval > TimeSpan.Zero && OtherInterval > TimeSpan.Zero && Share is null or (> 0 and <= 1) && Rate > 0 && AtOnce > 0
        && Jitter is >= 0 and <= 1;
}
