using Npgsql;

namespace ProbeNet.Collector.Store;

/// <param name="Days">Days of the log that was stamped.</param>
/// <param name="Token">As RFC 3161 has it, over <see cref="LogHead.Statement"/>.</param>
sealed record HeadStamp(int Days, byte[] Token);

/// <summary>Time stamps that an outside authority gave for states of the log of days.</summary>
sealed class HeadStamps(NpgsqlDataSource store)
{
    /// <summary>Of the most days; null where there is none.</summary>
    public async Task<HeadStamp?> NewestAsync(CancellationToken ct)
    {
        await using var command = store.Command("select days, token from head_stamp order by days desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new((int)reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    public async Task AddAsync(HeadStamp stamp, CancellationToken ct)
    {
        await using var command = store.Command("insert into head_stamp (days, token) values ($1, $2) on conflict do nothing", (long)stamp.Days, stamp.Token);
        await command.ExecuteNonQueryAsync(ct);
    }
}
