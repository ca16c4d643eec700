using Npgsql;

namespace ProbeNet.Collector.Store;

/// <param name="Host">Empty where the country's changes are to be merged again.</param>
sealed record DueEvents(string Cc, string Host, long Marked);

/// <summary>Whose events rest on data that have changed since.</summary>
static class EventDue
{
    /// <summary>Oldest mark first.</summary>
    public static async Task<IReadOnlyList<DueEvents>> NextAsync(NpgsqlDataSource source, bool countries, int limit, CancellationToken ct)
    {
        await using var command = source.Command("select cc, host, marked from event_due where (host = '') = $1 order by marked limit $2", countries, limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<DueEvents>();
        while (await reader.ReadAsync(ct))
            due.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return due;
    }

    public static async Task MarkAsync(NpgsqlConnection connection, string cc, IEnumerable<string> hosts, CancellationToken ct)
    {
        await using var command = connection.Command(
            """
            insert into event_due (cc, host, marked) select $1, h.host, nextval('dirty_mark') from unnest($2::text[]) h(host)
            on conflict (cc, host) do update set marked = excluded.marked
            """, cc, hosts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Marks countries, this one and those whose onsets of the same targets it may explain.</summary>
    public static async Task MarkCountriesAsync(NpgsqlConnection connection, string cc, IReadOnlyCollection<string> targets, CancellationToken ct)
    {
        await using var command = connection.Command(
            """
            insert into event_due (cc, host, marked)
            select c.cc, '', nextval('dirty_mark')
            from (select $1 as cc union select cc from event_change where target = any($2) and kind = 'onset' order by 1) c
            on conflict (cc, host) do update set marked = excluded.marked
            """, cc, targets.ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Takes the mark away, unless it was raised again meanwhile.</summary>
    public static async Task SettleAsync(NpgsqlConnection connection, DueEvents due, CancellationToken ct)
    {
        await using var command = connection.Command("delete from event_due where cc = $1 and host = $2 and marked = $3", due.Cc, due.Host, due.Marked);
        await command.ExecuteNonQueryAsync(ct);
    }
}
