using System.Data;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Store;

/// <summary>
/// The unit days of a window as its cells need them: summed up in the database where all days of a cell are plain, one by one where
/// something was wrong. The cells are the same as those from all unit days.
/// </summary>
static class WindowDays
{
    const string Some = "u.cc = $1 and u.day >= $2 and u.day < $3 and ($4::text[] is null or u.host = any($4))";

    // As PublishedDays has it; the fifth outcome is "down".
    const string Published =
        $"""
        join (
            select u.target, u.asn, u.day from unit_day u where {Some}
            group by u.target, u.asn, u.day having count(distinct u.unit) filter (where u.n > 0 or u.outcomes[5] > 0) >= $5
        ) p on p.target = u.target and p.asn = u.asn and p.day = u.day
        """;

    static string Sums(string days) =>
        $"""
        select u.host, u.target, u.asn, u.unit, u."group", u.asn_source, u.access, u.plain_grain, u.plain_discard,
            max(u.day), min(u.first_seen), min(u.plain_first), max(u.plain_last), sum(u.n)::integer, sum(u.discarded_runs)::integer,
            {UnitStandings.Established}
        from unit_day u {days} where {Some} and u.plain_grain is not null
        group by u.host, u.target, u.asn, u.unit, u."group", u.asn_source, u.access, u.plain_grain, u.plain_discard
        """;

    const string Witnesses =
        """
        select u.target, u.asn, u.unit, u.asn_source, u.witness
        from unnest($2::text[], $3::bigint[], $4::date[]) c(target, asn, day)
        join unit_day u on u.cc = $1 and u.target = c.target and u.day = c.day and u.asn = c.asn
        """;

    /// <param name="hosts">Null for all of the country.</param>
    /// <param name="minimumUnits">Days of a target at a provider with fewer volunteers are left out; 0 leaves nothing out.</param>
    public static async Task<IReadOnlyList<UnitDay>> ReadAsync(NpgsqlDataSource source, string cc, CellWindow window, string[]? hosts, int minimumUnits, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        // The parts must be of one moment.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        return await ReadAsync(connection, cc, window, hosts, minimumUnits, ct);
    }

    /// <inheritdoc cref="ReadAsync(NpgsqlDataSource, string, CellWindow, string[], int, CancellationToken)"/>
    public static async Task<IReadOnlyList<UnitDay>> ReadAsync(NpgsqlConnection connection, string cc, CellWindow window, string[]? hosts, int minimumUnits, CancellationToken ct)
    {
        object?[] asked = [cc, window.Since, window.Until, hosts];
        var eventful = new HashSet<(string, long)>();
        await using (var command = Command(connection, $"select distinct u.target, u.asn from unit_day u where {Some} and u.plain_grain is null", asked))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                eventful.Add((reader.GetString(0), reader.GetInt64(1)));
        var sums = new List<UnitDay>();
        await using (var command = minimumUnits == 0 ? Command(connection, Sums(""), asked) : Command(connection, Sums(Published), [.. asked, minimumUnits]))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                if (!eventful.Contains((reader.GetString(1), reader.GetInt64(2))))
                    sums.Add(Read(reader, cc));
        await AddWitnessesAsync(connection, cc, sums, ct);
        if (eventful.Count > 0)
            sums.AddRange(PublishedDays.Of(await UnitDays.OfCellsAsync(connection, cc, window, eventful, ct), minimumUnits));
        return sums;
    }

    // A cell without trouble shows its latest day.
    static async Task AddWitnessesAsync(NpgsqlConnection connection, string cc, List<UnitDay> sums, CancellationToken ct)
    {
        var cells = sums.GroupBy(d => (d.Target, d.Asn)).Select(g => (g.Key.Target, g.Key.Asn, Day: g.Max(d => d.Day))).ToArray();
        if (cells.Length == 0)
            return;
        var found = new Dictionary<(string, long, UnitTag, AsnSource), Guid>();
        await using var command = Command(connection, Witnesses,
            [cc, cells.Select(c => c.Target).ToArray(), cells.Select(c => c.Asn).ToArray(), cells.Select(c => c.Day).ToArray()]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found[(reader.GetString(0), reader.GetInt64(1), new(reader.GetFieldValue<byte[]>(2)), (AsnSource)reader.GetInt16(3))] = reader.GetGuid(4);
        for (var i = 0; i < sums.Count; i++)
            if (found.TryGetValue((sums[i].Target, sums[i].Asn, sums[i].Unit, sums[i].AsnSource), out var witness))
                sums[i] = sums[i] with { Witness = witness };
    }

    static UnitDay Read(NpgsqlDataReader reader, string cc)
    {
        var plain = new PlainDay(reader.GetInt32(7), Time(11), Time(12), reader.IsDBNull(8) ? null : reader.GetString(8));
        return new()
        {
            Cc = cc,
            Host = reader.GetString(0),
            Target = reader.GetString(1),
            Asn = reader.GetInt64(2),
            Unit = new(reader.GetFieldValue<byte[]>(3)),
            Group = new(reader.GetFieldValue<byte[]>(4)),
            AsnSource = (AsnSource)reader.GetInt16(5),
            Access = (Access)reader.GetInt16(6),
            Day = reader.GetFieldValue<DateOnly>(9),
            Sights = plain.Sights(reader.GetInt32(13), reader.GetInt32(14), new(reader.GetDateTime(10))),
            Witness = Guid.Empty,
            Established = reader.GetBoolean(15),
        };

        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : new(reader.GetDateTime(column));
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text }
                : new() { Value = value });
        return command;
    }
}
