namespace ProbeNet.Collector.Intake;

/// <summary>Collector:Intake. What one agent, and all together, may ask of the collector.</summary>
sealed class IntakeOptions
{
    public const string Section = "Collector:Intake";

    /// <summary>Batches of one session that may be unacknowledged.</summary>
    public int Window { get; set; } = 8;

    /// <summary>Batches of all sessions that may be in memory: with 256 KiB and some copies each it bounds what the intake holds.</summary>
    public int InFlight { get; set; } = 32;

    /// <summary>Batches a second of one key, over time.</summary>
    public int BatchesPerSecond { get; set; } = 50;

    /// <summary>Batches that one key may send at once: a spool that waited for days.</summary>
    public int Burst { get; set; } = 2000;

    /// <summary>Redemptions and certificates a minute of all together.</summary>
    public int EnrolmentsPerMinute { get; set; } = 1200;

    /// <summary>How long a session may say nothing.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromMinutes(3);

    public int HeartbeatSeconds { get; set; } = 60;
}
