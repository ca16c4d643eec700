using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>What was read with which key, on which day. It is written before the rows are given out.</summary>
sealed class AccessLog(NpgsqlDataSource store, TimeProvider time)
{
    public async Task WriteAsync(string keyId, string what, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("insert into access_log (day, key_id, what) values ($1, $2, $3)");
        command.Parameters.AddRange(
            [new() { Value = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) }, new() { Value = keyId }, new() { Value = what }]);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
