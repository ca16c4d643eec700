using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Webhooks;

/// <summary>The body of a message, in the form that Standard Webhooks recommends.</summary>
/// <param name="Timestamp">When this was said of the event: for the public, the day.</param>
sealed record WebhookBody(string Type, DateTimeOffset Timestamp, EventView Data);

/// <summary>What a webhook is to be told next, as a caller of its role would find it at /events.</summary>
sealed class WebhookMessages(NpgsqlDataSource source, WebhookTable hooks, Publication publication)
{
    public const string Type = "event.changed";

    const int LinesAtOnce = 100;

    /// <summary>The place in the log after which there is something new for somebody of this role.</summary>
    public Task<long> BeginAsync(ApiRole? role, CancellationToken ct) => EventTable.NewestBeforeAsync(source, RipeBefore(CallerOf(role)), ct);

    /// <summary>
    /// The first line that has something to tell. What everybody may see only is waited for until the day on which it was said is published, and what looks the same to
    /// everybody is no news: else when a message comes would tell of one volunteer.
    /// </summary>
    /// <returns>The webhook with the message, or, without one, as far as there is nothing.</returns>
    public async Task<Webhook> NextAsync(Webhook hook, CancellationToken ct)
    {
        var caller = CallerOf(hook.Role);
        var ripe = RipeBefore(caller);
        while (await EventTable.LinesAfterAsync(source, hook.Position, LinesAtOnce, ct) is { Count: > 0 } lines)
            foreach (var (line, id, recorded) in lines)
            {
                if (recorded >= ripe)
                    return hook;
                if (await EventTable.FindAsync(source, id, ct) is { } kept && (hook.Cc is null || kept.Event.Cc == hook.Cc) && publication.View(kept.Event, caller) is { } view)
                {
                    var content = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(view, Json.Options));
                    if (!await hooks.WasToldAsync(hook, id, content, ct))
                        return hook with { Pending = new(line, WebhookSignature.IdOf(hook.Secret, line), id, BodyOf(view, recorded, caller), content) };
                }
                hook = hook with { Position = line };
            }
        return hook;
    }

    static byte[] BodyOf(EventView view, DateTimeOffset recorded, Caller caller) =>
        JsonSerializer.SerializeToUtf8Bytes(new WebhookBody(Type, caller.IsPublic ? new(recorded.UtcDateTime.Date, TimeSpan.Zero) : recorded, view), Json.Options);

    DateTimeOffset RipeBefore(Caller caller) => new(publication.EndFor(caller).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    static Caller CallerOf(ApiRole? role) => new(role, null);
}
