using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>An event that ceased to count after it had counted, or counts again.</summary>
/// <param name="Recorded">To ten minutes.</param>
/// <param name="Changes">As the log has them, with exact figures.</param>
sealed record EventTurn(string Event, DateTimeOffset Recorded, bool Counts, string Status, string? Reason, IReadOnlyList<string> Changes);

/// <summary>Days that were judged again.</summary>
/// <param name="Cells">What they say otherwise since.</param>
sealed record ReanalysisRow(long Id, DateOnly Since, DateOnly Until, int RulesVersion, DateOnly Finished, IReadOnlyList<CellTurn> Cells);

/// <param name="Before">A state's word; null where there was no cell.</param>
/// <param name="After">Null where there is none any more.</param>
sealed record CellTurn(string Target, long Asn, string? Before, string? After);

/// <summary>What was said and is not said any more: read from the log of events, which is only added to, and from reanalyses.</summary>
sealed class CorrectionQueries(NpgsqlDataSource source)
{
    /// <summary>Latest first.</summary>
    /// <param name="cc">Null for all countries.</param>
    /// <param name="id">Of one event; null for all.</param>
    /// <param name="counting">The statuses that count.</param>
    public async Task<IReadOnlyList<EventTurn>> EventsAsync(string? cc, string? id, string[] counting, int limit, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select event, recorded, now, status, reason, changes from (
                select l.*, l.status = any($3) as now, lag(l.status = any($3)) over (partition by l.event order by l.index) as before
                from event_log l join event e on e.id = l.event where ($1::text is null or e.cc = $1) and ($2::text is null or e.id = $2)
            ) turn where now <> before order by index desc limit $4
            """, cc, id, counting, limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var turns = new List<EventTurn>();
        while (await reader.ReadAsync(ct))
            turns.Add(new(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetFieldValue<string[]>(5)));
        return turns;
    }

    /// <summary>Those that are finished, latest first, with what of the country says otherwise since.</summary>
    public async Task<IReadOnlyList<ReanalysisRow>> ReanalysesAsync(string cc, int limit, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select r.id, r.since, r.until, r.rules_version, r.finished, c.target, c.asn, c.state_before, c.state_after
            from (select * from reanalysis where finished is not null order by id desc limit $2) r
            left join cell_change c on c.reanalysis = r.id and c.cc = $1 order by r.id desc, c.target, c.asn
            """, cc, limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<(ReanalysisRow Row, List<CellTurn> Cells)>();
        while (await reader.ReadAsync(ct))
        {
            if (rows.Count == 0 || rows[^1].Row.Id != reader.GetInt64(0))
            {
                var cells = new List<CellTurn>();
                rows.Add((new(reader.GetInt64(0), reader.GetFieldValue<DateOnly>(1), reader.GetFieldValue<DateOnly>(2), reader.GetInt32(3), reader.GetFieldValue<DateOnly>(4), cells), cells));
            }
            if (!reader.IsDBNull(5))
                rows[^1].Cells.Add(new(reader.GetString(5), reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetString(8)));
        }
        return [.. rows.Select(row => row.Row)];
    }
}
