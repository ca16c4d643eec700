using Google.Protobuf;
using Npgsql;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Imported lists before their release.</summary>
sealed class ListDrafts(NpgsqlDataSource store, TimeProvider time)
{
    public async System.Threading.Tasks.Task SaveAsync(TestList draft, CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """
            insert into list_draft (list, content, imported) values ($1, $2, $3)
            on conflict (list) do update set content = excluded.content, imported = excluded.imported
            """);
        foreach (var value in new object[] { draft.Name, draft.ToByteArray(), Day.ToDate(Day.Of(time.GetUtcNow())) })
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>Null when no such list was imported.</returns>
    public async Task<TestList?> FindAsync(string name, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select content from list_draft where list = $1");
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(ct) is byte[] content ? TestList.Parser.ParseFrom(content) : null;
    }
}
