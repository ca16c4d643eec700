using Npgsql;
using NpgsqlTypes;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Store.Writing;

/// <summary>Measurements go in by COPY, which fills whole pages at a time; a statement over arrays costs the database twice as much.</summary>
static class MeasurementCopy
{
    const string Columns =
        """
        (time, uid, cc, asn, asn_source, access, role, unit, "group", list, list_version, reason, input, target,
            agent_version, batch, leaf_index, received, details, resolver_asn)
        """;

    /// <returns>How many there were.</returns>
    /// <exception cref="PostgresException">23505 where one of them is stored already, by its time and uid; then none is added.</exception>
    public static async Task<long> AddAsync(NpgsqlConnection connection, string table, IReadOnlyList<PlacedRow> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} {Columns} from stdin (format binary)", ct);
        foreach (var row in rows)
            await WriteAsync(copy, row, ct);
        return (long)await copy.CompleteAsync(ct);
    }

    static async Task WriteAsync(NpgsqlBinaryImporter copy, PlacedRow placed, CancellationToken ct)
    {
        var (batch, index, row) = placed;
        var certificate = batch.Source.Certificate;
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(row.Time, NpgsqlDbType.TimestampTz, ct);
        await copy.WriteAsync(row.Uid, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(row.Cc, NpgsqlDbType.Text, ct);
        await copy.WriteAsync((long)certificate.Asn, NpgsqlDbType.Bigint, ct);
        // In the next epoch the same home is another unit: what is measured then under the old one would count a second time. The row
        // is kept and has no network, which counts in no cell.
        await copy.WriteAsync(row.Time < batch.EndOfEpoch ? (short)certificate.AsnSource : (short)0, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync(row.Access, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync((short)certificate.Role, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync(batch.Unit, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(batch.Group, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(row.List, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(row.ListVersion, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(row.Reason, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync(row.Input, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(row.Target, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(row.AgentVersion, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(batch.SealHash, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync((short)index, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync(Day.ToDate(batch.Source.ReceivedDay), NpgsqlDbType.Date, ct);
        await copy.WriteAsync(row.Details, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(row.ResolverAsn, NpgsqlDbType.Bigint, ct);
    }
}

/// <summary>A row and its place in its batch, from zero.</summary>
readonly record struct PlacedRow(BatchRows Batch, int Index, MeasurementRow Row);
