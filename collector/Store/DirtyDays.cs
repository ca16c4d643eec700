using Npgsql;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Store;

/// <param name="Cc">A country, or '*' where controls measured.</param>
sealed record DirtyDay(string Cc, string Host, DateOnly Day, long Marked)
{
    public bool IsControls => Cc == "*";
}

/// <summary>The days to compute again, and the marks that name each other's days.</summary>
sealed class DirtyDays(NpgsqlDataSource source)
{
    /// <summary>Controls' days first, as volunteers' findings rest on them; then the oldest mark.</summary>
    public async Task<IReadOnlyList<DirtyDay>> NextAsync(int limit, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select cc, target, day, marked from dirty order by (cc = '*') desc, marked limit $1");
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var days = new List<DirtyDay>();
        while (await reader.ReadAsync(ct))
            days.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateOnly>(2), reader.GetInt64(3)));
        return days;
    }

    /// <summary>
    /// Takes the mark away, unless the day was marked again since it was read: then what came meanwhile is still to be computed.
    /// </summary>
    public static async Task SettleAsync(NpgsqlConnection connection, DirtyDay day, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("delete from dirty where cc = $1 and target = $2 and day = $3 and marked = $4", connection);
        Add(command, day.Cc, day.Host, day.Day, day.Marked);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What controls saw of a day bears on that day and its neighbours, in every country that measures the host.</summary>
    public static async Task SpreadAsync(NpgsqlConnection connection, DirtyDay controls, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into dirty (cc, target, day, marked)
            select d.cc, d.host, d.day, nextval('dirty_mark')
            from (select distinct cc, host, day from unit_day where host = $1 and day >= $2 and day <= $3 order by 1, 2, 3) d
            on conflict (cc, target, day) do update set marked = excluded.marked
            """, connection);
        Add(command, controls.Host, controls.Day.AddDays(-1), controls.Day.AddDays(1));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Marks days; who marks gives them in order, so that nobody waits in a circle.</summary>
    public static async Task MarkAsync(NpgsqlConnection connection, IEnumerable<(string Cc, string Host, DateOnly Day)> days, CancellationToken ct)
    {
        var some = days.Distinct().OrderBy(d => d.Cc, StringComparer.Ordinal).ThenBy(d => d.Host, StringComparer.Ordinal).ThenBy(d => d.Day).ToArray();
        if (some.Length == 0)
            return;
        await using var command = new NpgsqlCommand(
            """
            insert into dirty (cc, target, day, marked)
            select d.cc, d.host, d.day, nextval('dirty_mark') from unnest($1::text[], $2::text[], $3::date[]) d(cc, host, day)
            on conflict (cc, target, day) do update set marked = excluded.marked
            """, connection);
        Add(command, some.Select(d => d.Cc).ToArray(), some.Select(d => d.Host).ToArray(), some.Select(d => d.Day).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Wrong answers and pages of the day that names of other owners have.</summary>
    public async Task<IReadOnlySet<string>> SharedMarksAsync(string cc, DateOnly day, string host, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select host, mark from stray where cc = $1 and day = $2 and host <> $3");
        Add(command, cc, day, host);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var owner = HostName.Registrable(host);
        var marks = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            if (HostName.Registrable(reader.GetString(0)) != owner)
                marks.Add(reader.GetString(1));
        return marks;
    }

    /// <summary>Which names of a country's day left which marks.</summary>
    public async Task<ILookup<string, string>> StraysAsync(string cc, DateOnly day, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select host, mark from stray where cc = $1 and day = $2");
        Add(command, cc, day);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var strays = new List<(string Host, string Mark)>();
        while (await reader.ReadAsync(ct))
            strays.Add((reader.GetString(0), reader.GetString(1)));
        return strays.ToLookup(s => s.Mark, s => s.Host, StringComparer.Ordinal);
    }

    /// <summary>
    /// Adds to a host's marks. A new one that another owner's name has as well makes a sink of both: their days are marked, this
    /// host's too if it was judged before the other's mark was known.
    /// </summary>
    /// <param name="known">Marks of other owners that its measurements were judged with.</param>
    public static async Task AddStraysAsync(
        NpgsqlConnection connection, string cc, DateOnly day, string host, IReadOnlyCollection<string> marks, IReadOnlySet<string> known, CancellationToken ct)
    {
        if (marks.Count == 0)
            return;
        await using var insert = new NpgsqlCommand(
            "insert into stray (cc, day, host, mark) select $1, $2, $3, m from unnest($4::text[]) m on conflict do nothing returning mark", connection);
        Add(insert, cc, day, host, marks.ToArray());
        var fresh = new List<string>();
        await using (var reader = await insert.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                fresh.Add(reader.GetString(0));
        if (fresh.Count == 0)
            return;
        var owner = HostName.Registrable(host);
        var others = (await MarksAsync(connection, "host <> $3 and mark = any($4)", ct, cc, day, host, fresh.ToArray()))
            .Where(m => HostName.Registrable(m.Host) != owner).ToArray();
        var turned = others.GroupBy(m => m.Mark, StringComparer.Ordinal)
            .Where(g => g.Select(m => HostName.Registrable(m.Host)).Distinct(StringComparer.Ordinal).Count() == 1).SelectMany(g => g.Select(m => m.Host));
        await MarkAsync(connection, turned.Concat(others.Any(m => !known.Contains(m.Mark)) ? [host] : []).Select(name => (cc, name, day)), ct);
    }

    /// <summary>
    /// Puts a host's marks in the place of the old ones. Where that makes or ends what exactly one other owner's names share
    /// with this one, those names' days are marked: their sink stands or falls with it.
    /// </summary>
    public static async Task ReplaceStraysAsync(
        NpgsqlConnection connection, string cc, DateOnly day, string host, IReadOnlyCollection<string> marks, CancellationToken ct)
    {
        var before = await MarksAsync(connection, "host = $3", ct, cc, day, host);
        var after = marks.ToHashSet(StringComparer.Ordinal);
        var old = before.Select(b => b.Mark).ToHashSet(StringComparer.Ordinal);
        if (old.SetEquals(after))
            return;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command("delete from stray where cc = $1 and day = $2 and host = $3", cc, day, host));
        batch.BatchCommands.Add(Command("insert into stray (cc, day, host, mark) select $1, $2, $3, m from unnest($4) m", cc, day, host, after.ToArray()));
        old.SymmetricExceptWith(after);
        var owner = HostName.Registrable(host);
        var others = (await MarksAsync(connection, "host <> $3 and mark = any($4)", ct, cc, day, host, old.ToArray()))
            .Where(m => HostName.Registrable(m.Host) != owner)
            .GroupBy(m => m.Mark, StringComparer.Ordinal)
            .Where(g => g.Select(m => HostName.Registrable(m.Host)).Distinct(StringComparer.Ordinal).Count() == 1)
            .SelectMany(g => g.Select(m => m.Host)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var other in others)
            batch.BatchCommands.Add(Command(
                """
                insert into dirty (cc, target, day, marked) values ($1, $2, $3, nextval('dirty_mark'))
                on conflict (cc, target, day) do update set marked = excluded.marked
                """, cc, other, day));
        await batch.ExecuteNonQueryAsync(ct);
    }

    static async Task<List<(string Host, string Mark)>> MarksAsync(NpgsqlConnection connection, string condition, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand($"select host, mark from stray where cc = $1 and day = $2 and {condition}", connection);
        Add(command, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var marks = new List<(string, string)>();
        while (await reader.ReadAsync(ct))
            marks.Add((reader.GetString(0), reader.GetString(1)));
        return marks;
    }

    static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
    }

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
