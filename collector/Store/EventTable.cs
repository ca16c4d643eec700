using Npgsql;
using ProbeNet.Collector.Analysis.Events;

namespace ProbeNet.Collector.Store;

/// <summary>Which events. Null means all; of the days, the first is included and the second is not.</summary>
/// <param name="After">The last of the page before, in the order of day and identifier, latest first.</param>
sealed record EventFilter(string? Cc, long? Asn, string? Target, string? CategoryCode, DateOnly? Since, DateOnly? Until, (DateOnly Day, string Id)? After);

/// <param name="Recorded">To ten minutes.</param>
sealed record EventEntry(DateTimeOffset Recorded, string Status, string? Reason, IReadOnlyList<string> Changes, bool Alert);

/// <summary>Events and what was said of them.</summary>
static class EventTable
{
    const string Columns =
        """
        e.id, e.cc, e.target, e.kind, e.status, e.reason, e.at_earliest, e.at_latest, e.spread_hours,
            exists (select from event_log l where l.event = e.id and l.alert),
            i.asn, i.at_earliest, i.at_latest, i.detected_at, i.confirmed_at, i.withdrawn, i.mechanisms, i.units, i.withheld
        """;

    static readonly TimeSpan Grain = TimeSpan.FromMinutes(10);

    public static string Word(ChangeKind kind) => kind == ChangeKind.Onset ? "onset" : "end";

    public static ChangeKind KindOf(string word) => word == "onset" ? ChangeKind.Onset : ChangeKind.End;

    public static async Task<IReadOnlyList<KeptEvent>> OfCountryAsync(NpgsqlConnection connection, string cc, CancellationToken ct)
    {
        await using var command = connection.Command($"select {Columns} from event e join event_isp i on i.event = e.id where e.cc = $1 order by e.id, i.position", cc);
        return await ReadAsync(command, ct);
    }

    public static async Task<KeptEvent?> FindAsync(NpgsqlDataSource source, string id, CancellationToken ct)
    {
        await using var command = source.Command($"select {Columns} from event e join event_isp i on i.event = e.id where e.id = $1 order by i.position", id);
        return await ReadAsync(command, ct) is [var found, ..] ? found : null;
    }

    /// <summary>Of what was said after a place in the log, in its order, an event once, as it is now.</summary>
    /// <param name="limit">Lines that are read.</param>
    /// <returns>With the last place that was read, whether its event passes the filter or not.</returns>
    public static async Task<(IReadOnlyList<KeptEvent> Events, long Index)> SaidAfterAsync(
        NpgsqlDataSource source, long index, string? cc, string? target, string? categoryCode, int limit, CancellationToken ct)
    {
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in await LinesAfterAsync(source, index, limit, ct))
            last[line.Event] = index = line.Index;
        if (last.Count == 0)
            return ([], index);
        await using var command = source.Command(
            $"""
            select {Columns} from event e join event_isp i on i.event = e.id
            where e.id = any($1) and ($2::text is null or e.cc = $2) and ($3::text is null or e.target = $3)
                and ($4::text is null or exists (select from list_entry l where l.target = e.target and l.category_code = $4))
            order by e.id, i.position
            """, last.Keys.ToArray(), cc, target, categoryCode);
        return ([.. (await ReadAsync(command, ct)).OrderBy(kept => last[kept.Event.Id])], index);
    }

    /// <summary>The last place in the log; 0 where nothing was ever said.</summary>
    public const string Newest = "select coalesce(max(index), 0) from event_log";

    /// <summary>The last place in the log that was written before a time.</summary>
    public static async Task<long> NewestBeforeAsync(NpgsqlDataSource source, DateTimeOffset time, CancellationToken ct)
    {
        await using var command = source.Command($"{Newest} where recorded < $1", time.UtcDateTime);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>What was said after a place in the log, in its order.</summary>
    public static async Task<IReadOnlyList<(long Index, string Event, DateTimeOffset Recorded)>> LinesAfterAsync(NpgsqlDataSource source, long index, int limit, CancellationToken ct)
    {
        await using var command = source.Command("select index, event, recorded from event_log where index > $1 order by index limit $2", index, limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lines = new List<(long, string, DateTimeOffset)>();
        while (await reader.ReadAsync(ct))
            lines.Add((reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return lines;
    }

    /// <summary>Latest first.</summary>
    public static async Task<IReadOnlyList<KeptEvent>> PageAsync(NpgsqlDataSource source, EventFilter filter, int limit, CancellationToken ct)
    {
        await using var command = source.Command(
            $"""
            select {Columns}
            from (
                select * from event where ($1::text is null or cc = $1) and ($2::text is null or target = $2)
                    and ($3::date is null or (at_latest at time zone 'UTC')::date >= $3) and ($4::date is null or (at_latest at time zone 'UTC')::date < $4)
                    and ($5::date is null or ((at_latest at time zone 'UTC')::date, id) < ($5, $6))
                    and ($7::bigint is null or exists (select from event_isp p where p.event = event.id and p.asn = $7))
                    and ($8::text is null or exists (select from list_entry l where l.target = event.target and l.category_code = $8))
                order by (at_latest at time zone 'UTC')::date desc, id desc limit $9
            ) e join event_isp i on i.event = e.id order by (e.at_latest at time zone 'UTC')::date desc, e.id desc, i.position
            """, filter.Cc, filter.Target, filter.Since, filter.Until, filter.After?.Day, filter.After?.Id, filter.Asn, filter.CategoryCode, limit);
        return await ReadAsync(command, ct);
    }

    /// <summary>What was said of one, in order of time.</summary>
    public static async Task<IReadOnlyList<EventEntry>> LogAsync(NpgsqlDataSource source, string id, CancellationToken ct)
    {
        await using var command = source.Command("select recorded, status, reason, changes, alert from event_log where event = $1 order by index", id);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var entries = new List<EventEntry>();
        while (await reader.ReadAsync(ct))
            entries.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetFieldValue<string[]>(3), reader.GetBoolean(4)));
        return entries;
    }

    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyCollection<EventRevision> revisions, DateTimeOffset now, CancellationToken ct)
    {
        if (revisions.Count == 0)
            return;
        var recorded = new DateTime(now.UtcTicks - now.UtcTicks % Grain.Ticks, DateTimeKind.Utc);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (e, changes, alerts) in revisions)
        {
            batch.Add(
                """
                insert into event (id, cc, target, kind, status, reason, at_earliest, at_latest, spread_hours) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                on conflict (id) do update set status = $5, reason = $6, at_earliest = $7, at_latest = $8, spread_hours = $9
                """, e.Id, e.Cc, e.Target, Word(e.Kind), e.Status, e.Reason, e.At.Earliest!.Value.UtcDateTime, e.At.Latest.UtcDateTime, e.SpreadHours);
            batch.Add("delete from event_isp where event = $1", e.Id);
            for (var i = 0; i < e.Isps.Count; i++)
                batch.Add(
                    $"insert into event_isp (event, position, {EventChanges.IspColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                    [e.Id, i, .. EventChanges.IspValues(e.Isps[i])]);
            batch.Add("insert into event_log (event, recorded, status, reason, changes, alert) values ($1, $2, $3, $4, $5, $6)",
                e.Id, recorded, e.Status, e.Reason, changes.ToArray(), alerts);
        }
        await batch.ExecuteNonQueryAsync(ct);
    }

    // One row a provider; the event's own columns are the same in all of its rows.
    static async Task<IReadOnlyList<KeptEvent>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var events = new List<KeptEvent>();
        var isps = new List<EventIsp>();
        while (await reader.ReadAsync(ct))
        {
            if (events.Count == 0 || events[^1].Event.Id != reader.GetString(0))
            {
                isps = [];
                events.Add(new(
                    new(reader.GetString(0), reader.GetString(1), reader.GetString(2), KindOf(reader.GetString(3)), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                        new(reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7)), reader.GetDouble(8), isps),
                    reader.GetBoolean(9)));
            }
            isps.Add(EventChanges.ReadIsp(reader, 10));
        }
        return events;
    }
}
