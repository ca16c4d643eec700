using Google.Protobuf;
using Npgsql;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Imported lists before their release.</summary>
sealed class ListDrafts(NpgsqlDataSource store, TimeProvider time)
{
    public async System.Threading.Tasks.Task SaveAsync(ListDraft draft, CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """
            insert into list_draft (list, content, origins, imported) values ($1, $2, $3, $4)
            on conflict (list) do update set content = excluded.content, origins = excluded.origins, imported = excluded.imported
            """);
        foreach (var value in new object[] { draft.List.Name, draft.List.ToByteArray(), draft.Origins.ToByteArray(), Day.ToDate(Day.Of(time.GetUtcNow())) })
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>Null when no such list was imported.</returns>
    public async Task<ListDraft?> FindAsync(string name, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select content, origins from list_draft where list = $1");
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(TestList.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)), EntryOrigins.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1)))
            : null;
    }
}
