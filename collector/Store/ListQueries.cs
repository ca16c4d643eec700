using System.IO.Compression;
using Npgsql;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store;

/// <param name="TargetCc">Countries that it is meant for; none means all.</param>
sealed record ReleasedList(
    string Name, long Version, IReadOnlyList<string> TargetCc, IReadOnlyList<long> TargetAsn, int Entries, DateOnly Released, DateOnly Expires,
    string Licence, string Attribution);

/// <summary>The newest release of each list.</summary>
sealed class ListQueries(NpgsqlDataSource store)
{
    public async Task<IReadOnlyList<ReleasedList>> ReleasedAsync(CancellationToken ct)
    {
        await using var command = store.Command("""
            select distinct on (list) list, version, target_cc, target_asn, entries, released, expires, signed
            from list_release order by list, version desc
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lists = new List<ReleasedList>();
        while (await reader.ReadAsync(ct))
        {
            var content = Read(reader.GetFieldValue<byte[]>(7));
            lists.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<long[]>(3), reader.GetInt32(4),
                reader.GetFieldValue<DateOnly>(5), reader.GetFieldValue<DateOnly>(6), content.Licence, content.Attribution));
        }
        return lists;
    }

    static TestList Read(byte[] signed)
    {
        using var gzip = new GZipStream(new MemoryStream(SignedTestList.Parser.ParseFrom(signed).Content.ToByteArray()), CompressionMode.Decompress);
        return TestList.Parser.ParseFrom(gzip);
    }
}
