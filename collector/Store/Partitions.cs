using Npgsql;

namespace ProbeNet.Collector.Store;

static class Partitions
{
    /// <summary>Makes sure that measurements of these days, and of those between, have somewhere to go.</summary>
    public static async Task EnsureAsync(NpgsqlDataSource store, DateOnly first, DateOnly last, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select measurement_partitions($1, $2)");
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = last });
        await command.ExecuteNonQueryAsync(ct);
    }
}
