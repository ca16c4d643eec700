using Google.Protobuf;
using Npgsql;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Fleet.Trust;

/// <summary>Endorsed statements at rest. Nothing here is secret, and nothing is ever overwritten.</summary>
sealed class TrustTable(NpgsqlDataSource store, TimeProvider time)
{
    const string RootKind = "root";
    const string ReleasesKind = "releases";
    const string StopKind = "stop";

    /// <returns>Null where there is no root yet.</returns>
    public async Task<FleetTrust?> ReadAsync(CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        return await ReadAsync(connection, null, ct);
    }

    public static async Task<FleetTrust?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select kind, endorsed from trust_statement where kind = 'root'
            union all (select kind, endorsed from trust_statement where kind = 'releases' order by version desc limit 1)
            union all (select kind, endorsed from trust_statement where kind = 'stop' order by version desc limit 1)
            """, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<(string Kind, Endorsed Endorsed)>();
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetString(0), Endorsed.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1))));
        var byKind = found.ToLookup(row => row.Kind, row => row.Endorsed);
        var roots = byKind[RootKind].OrderBy(root => Root.Parser.ParseFrom(root.Statement).Version).ToList();
        return roots.Count == 0 ? null : new(roots, byKind[ReleasesKind].FirstOrDefault(), byKind[StopKind].FirstOrDefault());
    }

    public Task AddRootAsync(Endorsed endorsed, ulong version, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct) =>
        AddAsync(RootKind, endorsed, version, connection, transaction, ct);

    public Task AddReleasesAsync(Endorsed endorsed, ulong version, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct) =>
        AddAsync(ReleasesKind, endorsed, version, connection, transaction, ct);

    public Task AddStopAsync(Endorsed endorsed, ulong number, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct) =>
        AddAsync(StopKind, endorsed, number, connection, transaction, ct);

    async Task AddAsync(string kind, Endorsed endorsed, ulong version, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand("insert into trust_statement (kind, version, endorsed, day) values ($1, $2, $3, $4)", connection, transaction);
        foreach (var value in new object[] { kind, (long)version, endorsed.ToByteArray(), Day.ToDate(Day.Of(time.GetUtcNow())) })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
        await FleetRevision.BumpAsync(connection, transaction, ct);
    }
}
