using System.Globalization;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>Cells of the windows that are asked for most, computed with the unit days they rest on.</summary>
sealed class CellTable(NpgsqlDataSource source)
{
    /// <summary>Null where the table does not hold the whole window.</summary>
    public async Task<(DateTimeOffset Computed, IReadOnlyList<Cell> Cells)?> ReadAsync(string cc, CellWindow window, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[]
        {
            "select computed from cell_window where cc = $1 and since = $2 and until = $3",
            """
            select target, asn, state, reason, mechanisms, locus, hop_asn, units, groups, runs, interference_runs, discarded_runs, low, high,
                posterior, since_earliest, since_latest, changed, access, witness
            from cell where cc = $1 and since = $2 and until = $3
            """,
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

    /// <summary>Puts the cells of a host (its pages too) in the place of those that were there.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection, string cc, string host, CellWindow window, IEnumerable<Cell> cells, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command("delete from cell where cc = $1 and since = $2 and until = $3 and host = $4", cc, window.Since, window.Until, host));
        foreach (var cell in cells)
            batch.BatchCommands.Add(Insert(cell, host, window));
        batch.BatchCommands.Add(Command("update cell_window set computed = $4 where cc = $1 and since = $2 and until = $3",
            cc, window.Since, window.Until, now.UtcDateTime));
        await batch.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlBatchCommand Insert(Cell cell, string host, CellWindow window) => Command(
        """
        insert into cell (cc, since, until, host, target, asn, state, reason, mechanisms, locus, hop_asn, units, groups, runs, interference_runs,
            discarded_runs, low, high, posterior, since_earliest, since_latest, changed, access, witness)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        """,
        cell.Cc, window.Since, window.Until, host, cell.Target, cell.Asn, cell.State.Word(), OrNull(cell.Reason),
        cell.Mechanisms.Select(Write).ToArray(), cell.Locus, OrNull(cell.HopAsn), cell.Units, cell.Groups, cell.Runs, cell.InterferenceRuns,
        cell.DiscardedRuns, OrNull(cell.Interval?.Low), OrNull(cell.Interval?.High), OrNull(cell.Posterior),
        OrNull(cell.Since?.Earliest?.UtcDateTime), OrNull(cell.Since?.Latest.UtcDateTime), cell.Changed, cell.Access, OrNull(cell.Witness));

    static Cell Read(NpgsqlDataReader reader, string cc) => new()
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

    static object OrNull<T>(T? value) => value is null ? DBNull.Value : value;

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
