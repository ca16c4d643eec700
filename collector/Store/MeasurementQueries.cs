using System.Runtime.CompilerServices;
using Npgsql;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store;

/// <summary>Which rows. Null means all; of the times, the first is included and the second is not.</summary>
sealed record RowFilter
{
    public string? Cc { get; init; }
    public long? Asn { get; init; }
    public string? Target { get; init; }
    public string? CategoryCode { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset Until { get; init; }

    /// <summary>Rows after this one, in the order of time and uid.</summary>
    public (DateTimeOffset Time, Guid Uid)? After { get; init; }
}

sealed class MeasurementQueries(NpgsqlDataSource store)
{
    const string Columns = "time, uid, cc, asn, asn_source, access, role, unit, \"group\", reason, input, target, details, list, list_version, agent_version, received";

    /// <summary>Oldest first. Controls are in it: their rows show what the target was like elsewhere.</summary>
    public IAsyncEnumerable<ListedMeasurement> RowsAsync(RowFilter filter, int limit, CancellationToken ct)
    {
        var after = filter.After ?? (filter.Since, Guid.Empty);
        return ReadAsync(store.Command($"""
            select {Columns} from measurement_all m
            where (time, uid) > ($1, $2) and time >= $3 and time < $4
              and ($5::text is null or cc = $5) and ($6::bigint is null or asn = $6) and ($7::text is null or target = $7)
              and ($8::text is null or exists (
                  select from list_entry e where e.list = m.list and e.version = m.list_version and e.input = m.input and e.category_code = $8))
            order by time, uid limit $9
            """, after.Time, after.Uid, filter.Since, filter.Until, filter.Cc, filter.Asn, filter.Target, filter.CategoryCode, limit), ct);
    }

    public async Task<ListedMeasurement?> FindAsync(Guid uid, CancellationToken ct) =>
        TimeOf(uid) is { } time
            ? await ReadAsync(store.Command($"select {Columns} from measurement_all where time = $1 and uid = $2", time, uid), ct).FirstOrDefaultAsync(ct)
            : null;

    // A uid holds its measurement's time (RFC 9562, version 7), and rows are found by time first.
    static DateTimeOffset? TimeOf(Guid uid)
    {
        if (uid.Version != 7)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        uid.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16;
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() && milliseconds >= 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    static async IAsyncEnumerable<ListedMeasurement> ReadAsync(NpgsqlCommand command, [EnumeratorCancellation] CancellationToken ct)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                yield return new(
                    new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), (AsnSource)reader.GetInt16(4),
                        (Access)reader.GetInt16(5), (Role)reader.GetInt16(6), reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<byte[]>(8),
                        (Reason)reader.GetInt16(9), reader.GetString(10), reader.GetString(11), reader.GetFieldValue<byte[]>(12)),
                    reader.GetString(13), reader.GetInt64(14), reader.GetString(15), reader.GetFieldValue<DateOnly>(16));
        }
    }
}
