using System.Runtime.CompilerServices;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store;

/// <summary>Measurements as the analysis reads them: in order, and without those of units that were set aside.</summary>
sealed class ObservationReader(NpgsqlDataSource source)
{
    const string Columns = "time, uid, cc, asn, asn_source, access, role, unit, \"group\", reason, input, target, details";

    const string IsCounted = "unit not in (select subject from revocation where kind = 'quarantine')";

    // What is on no known network counts in no cell.
    const string IsVolunteers = "role = 1 and asn > 0 and asn_source > 0";

    /// <summary>Volunteers' measurements of a host on a day, each with the last place of the log at the moment of reading.</summary>
    public async IAsyncEnumerable<(StoredMeasurement Measurement, long Through)> VolunteersAsync(
        string cc, string host, DateOnly day, [EnumeratorCancellation] CancellationToken ct)
    {
        // One statement sees one moment: rows and leaf of a batch are committed together.
        await using var command = source.Command(
            $"""
            select {Columns}, (select coalesce(max(index), -1) from log_leaf) from measurement_all
            where target = $1 and time >= $2 and time < $3 and cc = $4 and {IsVolunteers} and {IsCounted}
            """, host, Midnight(day), Midnight(day.AddDays(1)), cc);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return (Read(reader), reader.GetInt64(13));
    }

    /// <summary>Volunteers' measurements of some hosts on some days, each with the last place of the log at the moment of reading.</summary>
    public async IAsyncEnumerable<(StoredMeasurement Measurement, long Through)> VolunteersAsync(
        string[] hosts, CellWindow days, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = source.Command(
            $"""
            select {Columns}, (select coalesce(max(index), -1) from log_leaf) from measurement_all
            where target = any($1) and time >= $2 and time < $3 and {IsVolunteers} and {IsCounted}
            """, hosts, Midnight(days.Since), Midnight(days.Until));
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return (Read(reader), reader.GetInt64(13));
    }

    /// <summary>Everybody's measurements of some batches, each with its batch.</summary>
    /// <param name="since">No measurement of theirs is older.</param>
    /// <param name="until">And none younger.</param>
    public async Task<IReadOnlyList<(StoredMeasurement Measurement, byte[] Batch)>> OfBatchesAsync(
        byte[][] batches, DateTime since, DateTime until, CancellationToken ct)
    {
        await using var command = source.Command(
            $"""
            select {Columns}, batch from measurement_all
            where batch = any($1) and time >= $2 and time <= $3 and (role = 2 or ({IsVolunteers})) and {IsCounted}
            """, batches, since, until);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<(StoredMeasurement, byte[])>();
        while (await reader.ReadAsync(ct))
            rows.Add((Read(reader), reader.GetFieldValue<byte[]>(13)));
        return rows;
    }

    /// <summary>Controls' measurements of a host in [since, until).</summary>
    public IAsyncEnumerable<StoredMeasurement> ControlsAsync(string host, DateTimeOffset since, DateTimeOffset until, CancellationToken ct) => ReadAsync(
        $"""
        select {Columns} from measurement_all
        where target = $1 and time >= $2 and time < $3 and role = 2 and {IsCounted}
        order by time, uid
        """, ct, host, since.UtcDateTime, until.UtcDateTime);

    /// <summary>What a day's cells were measured with, by target and provider.</summary>
    /// <param name="pages">Inputs that are targets of their own.</param>
    public async Task<Dictionary<(string Target, long Asn), MeasuredWith>> MeasuredWithAsync(string cc, DateOnly day, IReadOnlySet<string> pages, CancellationToken ct)
    {
        await using var command = source.Command(
            $"""
            select case when input = any($4) then input else target end, asn, array_agg(distinct agent_version), array_agg(distinct resolver_asn) from measurement_all
            where time >= $1 and time < $2 and cc = $3 and {IsVolunteers} and {IsCounted}
            group by 1, 2
            """, Midnight(day), Midnight(day.AddDays(1)), cc, pages.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<(string, long), MeasuredWith>();
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetString(0), reader.GetInt64(1)), new(reader.GetFieldValue<string[]>(2), reader.GetFieldValue<long[]>(3)));
        return found;
    }

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
            yield return Read(reader);
    }

    static StoredMeasurement Read(NpgsqlDataReader reader) => new(
        new(reader.GetDateTime(0)), reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), (AsnSource)reader.GetInt16(4),
        (Access)reader.GetInt16(5), (Role)reader.GetInt16(6), reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<byte[]>(8),
        (Reason)reader.GetInt16(9), reader.GetString(10), reader.GetString(11), reader.GetFieldValue<byte[]>(12));

    static DateTime Midnight(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
