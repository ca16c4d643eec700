using Npgsql;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>A cell that says something else than before, as it is now, in the newest default window of the table.</summary>
sealed record ChangedCell(long Position, CellWindow Window, Cell Cell);

/// <summary>Which cells of the default window say something else than before: another state, reason, mechanism, place or onset. Counts alone are nothing new.</summary>
static class CellChanges
{
    // Who went on measuring moves the counts of every cell at every batch; the first day of the window moves the start of a stretch without a change.
    const string Says =
        """
        concat_ws('|', state, reason, locus, hop_asn, changed, case when changed then concat(extract(epoch from since_earliest), '-', extract(epoch from since_latest)) end,
            (select string_agg(m.name, ',' order by m.name) from (select distinct split_part(w, '|', 1) || '/' || split_part(w, '|', 2) from unnest(mechanisms) w) m(name)))
        """;

    /// <summary>Compares the window's cells with what was said of them last; nothing where it is not the default window of now.</summary>
    /// <param name="hosts">Null for the whole country.</param>
    public static async Task NoteAsync(NpgsqlConnection connection, string cc, CellWindow window, string[]? hosts, DateTimeOffset now, CancellationToken ct)
    {
        if (window != CellWindow.UpTo(now))
            return;
        await using var batch = new NpgsqlBatch(connection);
        // What is gone was told of a day ago at the least.
        if (hosts is null)
            batch.Add("delete from cell_told where cc = $1 and says = '' and position is not null", cc);
        batch.Add(
            $"""
            insert into cell_told (cc, target, asn, host, says)
            select $1, target, asn, coalesce(p.host, t.host), coalesce(p.says, '')
            from (select host, target, asn, {Says} as says from cell where cc = $1 and since = $2 and until = $3 and ($4::text[] is null or host = any($4))) p
                full join (select host, target, asn, says from cell_told where cc = $1 and ($4::text[] is null or host = any($4))) t using (target, asn)
            where coalesce(p.says, '') is distinct from t.says
            order by target, asn
            on conflict (cc, target, asn) do update set says = excluded.says, position = null
            """, cc, window.Since, window.Until, hosts);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Numbers what was noted in transactions that are over. Only whoever holds the analysis' lock does it, one statement after another, so that
    /// nobody who has read up to a position finds a lower one later.
    /// </summary>
    public static async Task NumberAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = connection.Command(
            """
            update cell_told set position = nextval('cell_told_position')
            where (cc, target, asn) in (select cc, target, asn from cell_told where position is null for update skip locked)
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The highest there is; 0 without any.</summary>
    public const string Newest = "select coalesce(max(position), 0) from cell_told";

    /// <summary>In the order of positions. The filters mean everything where they are null.</summary>
    public static async Task<IReadOnlyList<ChangedCell>> AfterAsync(
        NpgsqlDataSource source, long position, string? cc, long? asn, string? target, string? categoryCode, int limit, CancellationToken ct)
    {
        await using var command = source.Command(
            $"""
            select {CellTable.Columns}, cc, t.position, w.until, exists (select from cell x where x.cc = t.cc and x.since = w.until - {CellWindow.DefaultDays} and x.until = w.until and x.asn = t.asn)
            from (
                select cc, target, asn, position from cell_told
                where position > $1 and ($2::text is null or cc = $2) and ($3::bigint is null or asn = $3) and ($4::text is null or target = $4)
                    and ($5::text is null or exists (select from list_entry l where l.target = cell_told.host and l.category_code = $5))
                order by position limit $6
            ) t
            join lateral (select max(until) as until from cell_window v where v.cc = t.cc and v.until - v.since = {CellWindow.DefaultDays}) w on w.until is not null
            left join lateral (select * from cell c where c.cc = t.cc and c.target = t.target and c.asn = t.asn and c.since = w.until - {CellWindow.DefaultDays} and c.until = w.until) k using (cc, target, asn)
            order by t.position
            """, position, cc, asn, target, categoryCode, limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var changed = new List<ChangedCell>();
        while (await reader.ReadAsync(ct))
        {
            var country = reader.GetString(20);
            changed.Add(new(reader.GetInt64(21), CellWindow.Ending(reader.GetFieldValue<DateOnly>(22)),
                reader.IsDBNull(2) ? CellJudge.Unmeasured(country, reader.GetString(0), reader.GetInt64(1), agentsThere: reader.GetBoolean(23)).Cell : CellTable.Read(reader, country)));
        }
        return changed;
    }
}
