using System.Runtime.CompilerServices;
using Npgsql;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store;

/// <summary>Measurements as the analysis reads them: in order, and without those of units that were set aside.</summary>
sealed class ObservationReader(NpgsqlDataSource source)
{
    const string Columns = "time, uid, cc, asn, asn_source, access, role, unit, \"group\", reason, input, target, details";

    /// <summary>Volunteers' measurements of a host on a day. What is on no known network counts in no cell.</summary>
    public IAsyncEnumerable<StoredMeasurement> VolunteersAsync(string cc, string host, DateOnly day, CancellationToken ct) => ReadAsync(
        $"""
        select {Columns} from measurement_all
        where target = $1 and time >= $2 and time < $3 and cc = $4 and role = 1 and asn > 0 and asn_source > 0
            and unit not in (select subject from revocation where kind = 'quarantine')
        order by time, uid
        """, ct, host, Midnight(day), Midnight(day.AddDays(1)), cc);

    /// <summary>Controls' measurements of a host in [since, until).</summary>
    public IAsyncEnumerable<StoredMeasurement> ControlsAsync(string host, DateTimeOffset since, DateTimeOffset until, CancellationToken ct) => ReadAsync(
        $"""
        select {Columns} from measurement_all
        where target = $1 and time >= $2 and time < $3 and role = 2
            and unit not in (select subject from revocation where kind = 'quarantine')
        order by time, uid
        """, ct, host, since.UtcDateTime, until.UtcDateTime);

    /// <summary>Null where it is not kept.</summary>
    /// <param name="hash">SHA-256 in hexadecimal.</param>
    public async Task<byte[]?> BlobAsync(string hash, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select bytes from blob where hash = $1");
        command.Parameters.Add(new() { Value = Convert.FromHexString(hash) });
        return (byte[]?)await command.ExecuteScalarAsync(ct);
    }

    async IAsyncEnumerable<StoredMeasurement> ReadAsync(string sql, [EnumeratorCancellation] CancellationToken ct, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new(
                new(reader.GetDateTime(0)), reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), (AsnSource)reader.GetInt16(4),
                (Access)reader.GetInt16(5), (Role)reader.GetInt16(6), reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<byte[]>(8),
                (Reason)reader.GetInt16(9), reader.GetString(10), reader.GetString(11), reader.GetFieldValue<byte[]>(12));
    }

    static DateTime Midnight(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
