using Npgsql;

namespace ProbeNet.Collector.Fleet;

/// <summary>One number that rises with every change of the fleet's tables, so that a running collector asks for one row a second.</summary>
static class FleetRevision
{
    public static async Task BumpAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("update fleet_revision set revision = revision + 1", connection, transaction);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<long> ReadAsync(NpgsqlDataSource store, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select revision from fleet_revision");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
