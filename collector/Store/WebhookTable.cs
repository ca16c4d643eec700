using Npgsql;

namespace ProbeNet.Collector.Store;

/// <param name="Line">Of the log of what was said of events.</param>
/// <param name="Id">The same at every attempt, as the body is.</param>
/// <param name="Content">SHA-256 of what it tells of the event.</param>
sealed record WebhookMessage(long Line, string Id, string Event, byte[] Body, byte[] Content);

/// <param name="Role">Null: is told what everybody may see.</param>
/// <param name="Position">What was said of events up to here was taken, or is nothing to it.</param>
/// <param name="Pending">On its way.</param>
/// <param name="Trouble">What was wrong at the last attempt, or why it was ended.</param>
sealed record Webhook(
    string Id, Uri Url, byte[] Secret, ApiRole? Role, string? Cc, string KeyId, DateOnly Created, long Position, WebhookMessage? Pending = null,
    int Attempts = 0, DateTimeOffset? NextAttempt = null, DateTimeOffset? FailingSince = null, string? Trouble = null, DateOnly? Ended = null);

/// <summary>Where events are sent to, and how far each of them is.</summary>
sealed class WebhookTable(NpgsqlDataSource store)
{
    const string Columns = "id, url, secret, role, cc, key_id, created, position, line, message_id, event, body, content, attempts, next_attempt, failing_since, trouble, ended";

    /// <param name="most">That are kept at one time.</param>
    /// <returns>False where there are so many already.</returns>
    public async Task<bool> AddAsync(Webhook hook, int most, CancellationToken ct)
    {
        await using var command = store.Command(
            """
            insert into webhook (id, url, secret, role, cc, key_id, created, position) select $1, $2, $3, $4::text, $5::text, $6, $7, $8
            where (select count(*) from webhook) < $9
            """, hook.Id, hook.Url.AbsoluteUri, hook.Secret, hook.Role?.Word(), hook.Cc, hook.KeyId, hook.Created, hook.Position, most);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Those that were given up as well, oldest first.</summary>
    public async Task<IReadOnlyList<Webhook>> AllAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand($"select {Columns} from webhook order by created, id");
        return await ReadAsync(command, ct);
    }

    public async Task<Webhook?> FindAsync(string id, CancellationToken ct)
    {
        await using var command = store.Command($"select {Columns} from webhook where id = $1", id);
        return await ReadAsync(command, ct) is [var found] ? found : null;
    }

    /// <returns>False when there is none of this id.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken ct)
    {
        await using var command = store.Command("delete from webhook where id = $1", id);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Whether this is what it was told of the event last.</summary>
    public async Task<bool> WasToldAsync(Webhook hook, string e, byte[] content, CancellationToken ct)
    {
        await using var command = store.Command("select exists (select from webhook_told where webhook = $1 and event = $2 and content = $3)", hook.Id, e, content);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Writes down how far it is; one that was removed meanwhile stays away.</summary>
    /// <param name="taken">The message that was taken just now.</param>
    public async Task SaveAsync(Webhook hook, WebhookMessage? taken, CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            update webhook set position = $2, line = $3, message_id = $4, event = $5, body = $6, content = $7, attempts = $8, next_attempt = $9, failing_since = $10, trouble = $11, ended = $12
            where id = $1
            """, hook.Id, hook.Position, hook.Pending?.Line, hook.Pending?.Id, hook.Pending?.Event, hook.Pending?.Body, hook.Pending?.Content,
            hook.Attempts, hook.NextAttempt?.UtcDateTime, hook.FailingSince?.UtcDateTime, hook.Trouble, hook.Ended);
        if (taken is not null)
            batch.Add(
                """
                insert into webhook_told (webhook, event, content) select id, $2, $3 from webhook where id = $1
                on conflict (webhook, event) do update set content = excluded.content
                """, hook.Id, taken.Event, taken.Content);
        await batch.ExecuteNonQueryAsync(ct);
    }

    static async Task<IReadOnlyList<Webhook>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var hooks = new List<Webhook>();
        while (await reader.ReadAsync(ct))
            hooks.Add(new(
                reader.GetString(0), new(reader.GetString(1)), reader.GetFieldValue<byte[]>(2), reader.IsDBNull(3) ? null : ApiRole.Analyst, Text(reader, 4), reader.GetString(5),
                reader.GetFieldValue<DateOnly>(6), reader.GetInt64(7),
                reader.IsDBNull(8) ? null : new(reader.GetInt64(8), reader.GetString(9), reader.GetString(10), reader.GetFieldValue<byte[]>(11), reader.GetFieldValue<byte[]>(12)),
                reader.GetInt32(13), Time(reader, 14), Time(reader, 15), Text(reader, 16), reader.IsDBNull(17) ? null : reader.GetFieldValue<DateOnly>(17)));
        return hooks;
    }

    static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
