namespace ProbeNet.Collector.Api.Webhooks;

/// <summary>Collector:Webhooks.</summary>
sealed class WebhookOptions
{
    public const string Section = "Collector:Webhooks";

    /// <summary>That are kept at one time.</summary>
    public int Most { get; set; } = 20;

    /// <summary>One that took nothing for so long is given up.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Whether addresses that are not public, and plain http, may be named: for tests and laboratories.</summary>
    public bool AllowPrivate { get; set; }
}
