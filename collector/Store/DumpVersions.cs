using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace ProbeNet.Collector.Store;

/// <param name="Kind">"cells" or "events".</param>
/// <param name="Sha256">Hexadecimal.</param>
sealed record DumpFile(string Name, string Kind, long Rows, long Bytes, string Sha256);

/// <param name="AsOf">The day on which it was made.</param>
/// <param name="Content">SHA-256 over what the public sees of the day.</param>
sealed record DumpVersion(DateOnly Day, int Version, DateOnly AsOf, byte[] Content, IReadOnlyList<DumpFile> Files);

/// <summary>What was published of each day, in all its versions.</summary>
sealed class DumpVersions(NpgsqlDataSource source)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The newest version of each day, latest day first.</summary>
    public Task<IReadOnlyList<DumpVersion>> NewestAsync(CancellationToken ct) =>
        ReadAsync("select distinct on (day) day, version, as_of, content, files from dump_version order by day desc, version desc", ct);

    /// <summary>All versions of a day, newest first.</summary>
    public Task<IReadOnlyList<DumpVersion>> OfAsync(DateOnly day, CancellationToken ct) =>
        ReadAsync("select day, version, as_of, content, files from dump_version where day = $1 order by version desc", ct, day);

    /// <returns>False where another process was first.</returns>
    public async Task<bool> AddAsync(DumpVersion version, CancellationToken ct)
    {
        await using var command = source.Command("insert into dump_version (day, version, as_of, content, files) values ($1, $2, $3, $4, $5) on conflict do nothing",
            version.Day, version.Version, version.AsOf, version.Content);
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(version.Files, Json), NpgsqlDbType = NpgsqlDbType.Jsonb });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>The first day that anything was computed of; null where there is none.</summary>
    public async Task<DateOnly?> FirstDayAsync(CancellationToken ct)
    {
        await using var command = source.Command("select min(day) from unit_day");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && !reader.IsDBNull(0) ? reader.GetFieldValue<DateOnly>(0) : null;
    }

    async Task<IReadOnlyList<DumpVersion>> ReadAsync(string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = source.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var versions = new List<DumpVersion>();
        while (await reader.ReadAsync(ct))
            versions.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetInt32(1), reader.GetFieldValue<DateOnly>(2), reader.GetFieldValue<byte[]>(3),
                JsonSerializer.Deserialize<DumpFile[]>(reader.GetString(4), Json)!));
        return versions;
    }
}
