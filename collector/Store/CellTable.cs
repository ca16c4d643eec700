using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>Cells of the windows that are asked for most, computed with the unit days they rest on.</summary>
sealed class CellTable(NpgsqlDataSource source)
{
    /// <summary>In the order of <see cref="Read"/>.</summary>
    internal const string Columns =
        """
        target, asn, state, reason, mechanisms, locus, hop_asn, units, groups, runs, interference_runs, discarded_runs, low, high,
            posterior, since_earliest, since_latest, changed, access, witness
        """;

    /// <summary>Null where the table does not hold the whole window.</summary>
    public async Task<(DateTimeOffset Computed, IReadOnlyList<Cell> Cells)?> ReadAsync(string cc, CellWindow window, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[]
        {
            "select computed from cell_window where cc = $1 and since = $2 and until = $3",
            $"select {Columns} from cell where cc = $1 and since = $2 and until = $3",
        })
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in new object[] { cc, window.Since, window.Until })
                command.Parameters.Add(new() { Value = value });
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        DateTimeOffset computed = new(reader.GetDateTime(0));
        await reader.NextResultAsync(ct);
        var cells = new List<Cell>();
        while (await reader.ReadAsync(ct))
            cells.Add(Read(reader, cc));
        return (computed, cells);
    }

    /// <summary>Puts the cells of some hosts (their pages too) in the place of those that were there.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection, string cc, CellWindow window, IReadOnlyCollection<string> hosts, IEnumerable<(string Host, Cell Cell)> cells, DateTimeOffset now, CancellationToken ct)
    {
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(Command("delete from cell where cc = $1 and since = $2 and until = $3 and host = any($4)", cc, window.Since, window.Until, hosts.ToArray()));
            batch.BatchCommands.Add(Command("update cell_window set computed = $4 where cc = $1 and since = $2 and until = $3",
                cc, window.Since, window.Until, now.UtcDateTime));
            await batch.ExecuteNonQueryAsync(ct);
        }
        await using var copy = await connection.BeginBinaryImportAsync(Copy, ct);
        foreach (var (host, cell) in cells)
            await WriteAsync(copy, cell, host, window, ct);
        await copy.CompleteAsync(ct);
    }

    const string Copy =
        """
        copy cell (cc, since, until, host, target, asn, state, reason, mechanisms, locus, hop_asn, units, groups, runs, interference_runs,
            discarded_runs, low, high, posterior, since_earliest, since_latest, changed, access, witness) from stdin (format binary)
        """;

    static async Task WriteAsync(NpgsqlBinaryImporter copy, Cell cell, string host, CellWindow window, CancellationToken ct)
    {
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(cell.Cc, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(window.Since, NpgsqlDbType.Date, ct);
        await copy.WriteAsync(window.Until, NpgsqlDbType.Date, ct);
        await copy.WriteAsync(host, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(cell.Target, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(cell.Asn, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(cell.State.Word(), NpgsqlDbType.Text, ct);
        await OrNullAsync(cell.Reason, NpgsqlDbType.Text);
        await copy.WriteAsync(cell.Mechanisms.Select(Write).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
        await copy.WriteAsync(cell.Locus, NpgsqlDbType.Text, ct);
        await OrNullAsync(cell.HopAsn, NpgsqlDbType.Bigint);
        foreach (var count in new[] { cell.Units, cell.Groups, cell.Runs, cell.InterferenceRuns, cell.DiscardedRuns })
            await copy.WriteAsync(count, NpgsqlDbType.Integer, ct);
        await OrNullAsync(cell.Interval?.Low, NpgsqlDbType.Double);
        await OrNullAsync(cell.Interval?.High, NpgsqlDbType.Double);
        await OrNullAsync(cell.Posterior, NpgsqlDbType.Double);
        await OrNullAsync(cell.Since?.Earliest?.UtcDateTime, NpgsqlDbType.TimestampTz);
        await OrNullAsync(cell.Since?.Latest.UtcDateTime, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(cell.Changed, NpgsqlDbType.Boolean, ct);
        await copy.WriteAsync(cell.Access, NpgsqlDbType.Text, ct);
        await OrNullAsync(cell.Witness, NpgsqlDbType.Uuid);

        Task OrNullAsync<T>(T? value, NpgsqlDbType type) => value is null ? copy.WriteNullAsync(ct) : copy.WriteAsync<object>(value, type, ct);
    }

    internal static Cell Read(NpgsqlDataReader reader, string cc) => new()
    {
        Cc = cc,
        Target = reader.GetString(0),
        Asn = reader.GetInt64(1),
        State = CellStates.TryParse(reader.GetString(2), out var state) ? state : throw new InvalidDataException($"cell state {reader.GetString(2)}"),
        Reason = reader.IsDBNull(3) ? null : reader.GetString(3),
        Mechanisms = [.. reader.GetFieldValue<string[]>(4).Select(ReadMechanism)],
        Locus = reader.GetString(5),
        HopAsn = reader.IsDBNull(6) ? null : reader.GetInt64(6),
        Units = reader.GetInt32(7),
        Groups = reader.GetInt32(8),
        Runs = reader.GetInt32(9),
        InterferenceRuns = reader.GetInt32(10),
        DiscardedRuns = reader.GetInt32(11),
        Interval = reader.IsDBNull(12) ? null : new(reader.GetDouble(12), reader.GetDouble(13)),
        Posterior = reader.IsDBNull(14) ? null : reader.GetDouble(14),
        Since = reader.IsDBNull(16) ? null : new(reader.IsDBNull(15) ? null : new(reader.GetDateTime(15)), new(reader.GetDateTime(16))),
        Changed = reader.GetBoolean(17),
        Access = reader.GetString(18),
        Witness = reader.IsDBNull(19) ? null : reader.GetGuid(19),
    };

    static string Write(CellMechanism mechanism) =>
        string.Create(CultureInfo.InvariantCulture, $"{mechanism.Name}|{mechanism.Via}|{mechanism.Runs}|{mechanism.Units}");

    static CellMechanism ReadMechanism(string text)
    {
        var parts = text.Split('|');
        return new(parts[0], parts[1].Length == 0 ? null : parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture),
            int.Parse(parts[3], CultureInfo.InvariantCulture));
    }

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
