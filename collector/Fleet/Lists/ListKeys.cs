using Npgsql;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>The public halves of the keys that sign lists. Agents learn them at enrolment and check them against their invite.</summary>
sealed class ListKeys(NpgsqlDataSource store, TimeProvider time)
{
    public async Task RegisterAsync(VerificationKey key, CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var insert = new NpgsqlCommand(
            "insert into list_key (public_key, created) values ($1, $2) on conflict do nothing", connection, transaction)
        {
            Parameters = { new() { Value = key.Bytes.ToByteArray() }, new() { Value = Day.ToDate(Day.Of(time.GetUtcNow())) } },
        };
        if (await insert.ExecuteNonQueryAsync(ct) > 0)
            await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<byte[]>> ListAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand("select public_key from list_key order by created, public_key");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var keys = new List<byte[]>();
        while (await reader.ReadAsync(ct))
            keys.Add(reader.GetFieldValue<byte[]>(0));
        return keys;
    }
}
