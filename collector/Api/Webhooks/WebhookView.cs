using System.Text.Json.Serialization;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Webhooks;

/// <param name="Role">"public" or "analyst": as whom it is told.</param>
/// <param name="State">"active", "failing" or "ended".</param>
/// <param name="Trouble">What was wrong at the last attempt, or why it was ended.</param>
/// <param name="Ended">The day on which it was given up.</param>
sealed record WebhookView(
    string Id, string Url, string Role, string? Cc, DateOnly Created, string State, string? Trouble, int Attempts, DateTimeOffset? FailingSince, DateTimeOffset? NextAttempt, DateOnly? Ended)
{
    /// <summary>Shown once, to whom added it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public static WebhookView Of(Webhook hook) => new(
        hook.Id, hook.Url.AbsoluteUri, hook.Role?.Word() ?? WebhookRequest.Public, hook.Cc, hook.Created, hook.Ended is not null ? "ended" : hook.Attempts > 0 ? "failing" : "active",
        hook.Trouble, hook.Attempts, hook.FailingSince, hook.Ended is null ? hook.NextAttempt : null, hook.Ended);
}
