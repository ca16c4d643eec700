using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>A batch that the log has and the analysis has not taken yet.</summary>
/// <param name="Since">No measurement of it is older.</param>
/// <param name="Until">And none younger.</param>
sealed record Arrival(long Index, byte[] Batch, int Count, DateTime Since, DateTime Until);

/// <summary>How far the analysis has come in the log of batches.</summary>
/// <param name="Pages">Inputs that were targets of their own then.</param>
sealed record AnalysisPosition(long Index, IReadOnlySet<string> Pages)
{
    public static async Task<AnalysisPosition> ReadAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select index, pages from analysis_position");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(reader.GetInt64(0), reader.GetFieldValue<string[]>(1).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>What follows in the log.</summary>
    /// <param name="rows">Measurements of all batches together, unless the first alone has more.</param>
    public async Task<IReadOnlyList<Arrival>> NextAsync(NpgsqlDataSource source, int rows, CancellationToken ct)
    {
        // A link that is gone already says no more when its measurements were made.
        await using var command = source.Command(
            """
            select l.index, l.seal_hash, coalesce(b.count, 200), coalesce(b.first_time, '-infinity'), coalesce(b.last_time, 'infinity')
            from log_leaf l left join batch b on b.seal_hash = l.seal_hash where l.index > $1 order by l.index limit $2
            """, Index, Math.Max(1, rows));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var arrivals = new List<Arrival>();
        var counted = 0;
        while (await reader.ReadAsync(ct))
        {
            counted += reader.GetInt32(2);
            if (arrivals.Count > 0 && counted > rows)
                break;
            arrivals.Add(new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2), Utc(reader.GetDateTime(3)), Utc(reader.GetDateTime(4))));
        }
        return arrivals;
    }

    /// <summary>Days computed anew from more of the log than the position, and from how much.</summary>
    public static async Task<IReadOnlyDictionary<(string Cc, string Host, DateOnly Day), long>> AheadAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select cc, host, day, through from day_ahead");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ahead = new Dictionary<(string, string, DateOnly), long>();
        while (await reader.ReadAsync(ct))
            ahead[(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateOnly>(2))] = reader.GetInt64(3);
        return ahead;
    }

    /// <summary>Remembers that a day was computed from more of the log than the position.</summary>
    public static async Task KeepAheadAsync(NpgsqlConnection connection, string cc, string host, DateOnly day, long through, CancellationToken ct)
    {
        await using var command = Command(connection,
            """
            insert into day_ahead (cc, host, day, through) select $1, $2, $3, $4 where $4 > (select index from analysis_position)
            on conflict (cc, host, day) do update set through = excluded.through
            """, cc, host, day, through);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Moves it on, with what was computed, in one transaction.</summary>
    public static async Task AdvanceAsync(NpgsqlConnection connection, long index, CancellationToken ct)
    {
        await using var move = Command(connection, "update analysis_position set index = $1", index);
        await move.ExecuteNonQueryAsync(ct);
        await using var forget = Command(connection, "delete from day_ahead where through <= $1", index);
        await forget.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Marks the days of hosts whose pages a list has changed: their measurements belong to other targets now.</summary>
    public static async Task TurnPagesAsync(NpgsqlDataSource source, IReadOnlySet<string> pages, IReadOnlyCollection<string> hosts, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var mark = Command(connection,
            """
            insert into dirty (cc, target, day, marked)
            select d.cc, d.host, d.day, nextval('dirty_mark') from (select distinct cc, host, day from unit_day where host = any($1) order by 1, 2, 3) d
            on conflict (cc, target, day) do update set marked = excluded.marked
            """, (object)hosts.ToArray());
        await mark.ExecuteNonQueryAsync(ct);
        await using var keep = Command(connection, "update analysis_position set pages = $1", (object)pages.Order(StringComparer.Ordinal).ToArray());
        await keep.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
