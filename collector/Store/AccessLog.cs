using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>What was read with which key, on which day. It is written before the rows are given out.</summary>
sealed class AccessLog(NpgsqlDataSource store, TimeProvider time)
{
    public async Task WriteAsync(string keyId, string what, CancellationToken ct)
    {
        await using var command = store.Command(
            "insert into access_log (day, key_id, what) values ($1, $2, $3)", DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), keyId, what);
        await command.ExecuteNonQueryAsync(ct);
    }
}
