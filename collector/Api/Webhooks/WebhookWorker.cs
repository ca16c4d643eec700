using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Webhooks;

/// <summary>
/// Sends events to those who asked for them, each in the order in which things were said, one message at a time: a message is sent again until it is taken, and
/// whoever takes none for long is given up. What is on its way stands in the store, so that a restart goes on with the same bytes.
/// </summary>
sealed partial class WebhookWorker(
    NpgsqlDataSource source, ApiKeys keys, WebhookTable hooks, WebhookMessages messages, WebhookSender sender, AccessLog log, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookWorker> logger) : BackgroundService
{
    // Any number, as long as every version of the collector uses the same.
    const long AdvisoryLock = 7205759403792793619;

    // Of one webhook in one round; others get their turn.
    const int MostAtOnce = 20;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestRest = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                LogStoreAway(logger, e.SqlState ?? e.GetType().Name);
            }
    }

    /// <summary>One round; nothing while another process is at it.</summary>
    public async Task RunOnceAsync(CancellationToken ct)
    {
        if (!(await hooks.AllAsync(ct)).Any(hook => hook.Ended is null))
            return;
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var take = connection.Command("select pg_try_advisory_lock($1)", AdvisoryLock))
            if (!(bool)(await take.ExecuteScalarAsync(ct))!)
                return;
        try
        {
            // Read again: another process may have been at it until now.
            await Task.WhenAll((await hooks.AllAsync(ct)).Where(hook => hook.Ended is null).Select(hook => ServeAsync(hook, ct)));
        }
        finally
        {
            await using var release = connection.Command("select pg_advisory_unlock($1)", AdvisoryLock);
            await release.ExecuteScalarAsync(CancellationToken.None);
        }
    }

    /// <summary>5 s, and three times as long after every attempt, up to six hours.</summary>
    public static TimeSpan Rest(int attempts) => TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(3, Math.Min(attempts, 20) - 1), LongestRest.TotalSeconds));

    async Task ServeAsync(Webhook hook, CancellationToken ct)
    {
        if (!await keys.IsInForceAsync(hook.KeyId, ct))
        {
            await EndAsync(hook, "The key that added it was revoked.", ct);
            return;
        }
        for (var sent = 0; sent < MostAtOnce; sent++)
        {
            if (hook.NextAttempt > time.GetUtcNow())
                return;
            if (hook.Pending is null)
            {
                var next = await messages.NextAsync(hook, ct);
                if (next == hook)
                    return;
                hook = next;
                if (hook.Pending is { } found)
                    await log.WriteAsync(hook.KeyId, $"webhook {hook.Id} sends event {found.Event}", ct);
                await hooks.SaveAsync(hook, null, ct);
            }
            if (hook.Pending is not { } message || await AttemptAsync(hook, message, ct) is not { } taken)
                return;
            hook = taken;
        }
    }

    /// <returns>Null when it was not taken.</returns>
    async Task<Webhook?> AttemptAsync(Webhook hook, WebhookMessage message, CancellationToken ct)
    {
        var (trouble, isOver) = await sender.SendAsync(hook, message, ct);
        if (trouble is null)
        {
            hook = hook with { Position = message.Line, Pending = null, Attempts = 0, NextAttempt = null, FailingSince = null, Trouble = null };
            await hooks.SaveAsync(hook, message, ct);
            return hook;
        }
        var now = time.GetUtcNow();
        hook = hook with { Attempts = hook.Attempts + 1, NextAttempt = now + Rest(hook.Attempts + 1), FailingSince = hook.FailingSince ?? now, Trouble = trouble };
        if (isOver || now - hook.FailingSince >= options.Value.Patience)
            await EndAsync(hook, trouble, ct);
        else
            await hooks.SaveAsync(hook, null, ct);
        return null;
    }

    async Task EndAsync(Webhook hook, string why, CancellationToken ct)
    {
        await log.WriteAsync(hook.KeyId, $"webhook {hook.Id} ended: {why}", ct);
        await hooks.SaveAsync(hook with { Ended = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), Trouble = why }, null, ct);
        LogEnded(logger, hook.Id, why);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Id} is not served any more: {Why}")]
    static partial void LogEnded(ILogger logger, string id, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks wait for the store ({Reason})")]
    static partial void LogStoreAway(ILogger logger, string reason);
}
