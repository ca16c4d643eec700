using Npgsql;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>Which windows the cell table holds, and what of the country they are made of.</summary>
sealed class CellWindows(NpgsqlDataSource source)
{
    public async Task<IReadOnlyList<CellWindow>> OfAsync(string cc, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await OfAsync(connection, cc, ct);
    }

    /// <inheritdoc cref="OfAsync(string, CancellationToken)"/>
    public static async Task<IReadOnlyList<CellWindow>> OfAsync(NpgsqlConnection connection, string cc, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select since, until from cell_window where cc = $1 order by since, until", connection);
        command.Parameters.Add(new() { Value = cc });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var windows = new List<CellWindow>();
        while (await reader.ReadAsync(ct))
            windows.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetFieldValue<DateOnly>(1)));
        return windows;
    }

    public async Task<IReadOnlyList<string>> CountriesAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand("select distinct cc from isp order by cc");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var countries = new List<string>();
        while (await reader.ReadAsync(ct))
            countries.Add(reader.GetString(0));
        return countries;
    }

    /// <summary>Makes the windows complete in one step, or leaves the table as it was.</summary>
    /// <param name="cells">Of the whole country.</param>
    public async Task AddAsync(string cc, CellWindow window, IReadOnlyList<(string Host, Cell Cell)> cells, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "delete from cell where cc = $1 and since = $2 and until = $3", ct, cc, window.Since, window.Until);
        await CellTable.ReplaceAsync(connection, cc, window, [], cells, now, ct);
        await CellChanges.NoteAsync(connection, cc, window, null, now, ct);
        await ExecuteAsync(connection,
            """
            insert into cell_window (cc, since, until, computed) values ($1, $2, $3, $4)
            on conflict (cc, since, until) do update set computed = $4
            """, ct, cc, window.Since, window.Until, now.UtcDateTime);
        await transaction.CommitAsync(ct);
    }

    public async Task DropAsync(string cc, CellWindow window, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "delete from cell_window where cc = $1 and since = $2 and until = $3", ct, cc, window.Since, window.Until);
        await ExecuteAsync(connection, "delete from cell where cc = $1 and since = $2 and until = $3", ct, cc, window.Since, window.Until);
        await transaction.CommitAsync(ct);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
