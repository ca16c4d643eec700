using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Store;

/// <summary>The unit days of the store.</summary>
sealed class UnitDays(NpgsqlDataSource source)
{
    const string Columns = "u.cc, u.host, u.target, u.day, u.asn, u.unit, u.\"group\", u.asn_source, u.access, u.findings, u.witness, " + UnitStandings.Established;

    /// <summary>Of one host: the host's own target and its pages.</summary>
    public Task<IReadOnlyList<UnitDay>> OfHostAsync(string cc, string host, CellWindow window, CancellationToken ct) =>
        ReadAsync("where u.cc = $1 and u.day >= $2 and u.day < $3 and u.host = $4", ct, cc, window.Since, window.Until, host);

    public Task<IReadOnlyList<UnitDay>> OfTargetAsync(string cc, string target, CellWindow window, CancellationToken ct) =>
        ReadAsync("where u.cc = $1 and u.day >= $2 and u.day < $3 and u.target = $4", ct, cc, window.Since, window.Until, target);

    public Task<IReadOnlyList<UnitDay>> OfCountryAsync(string cc, CellWindow window, CancellationToken ct) =>
        ReadAsync("where u.cc = $1 and u.day >= $2 and u.day < $3", ct, cc, window.Since, window.Until);

    public Task<IReadOnlyList<UnitDay>> OfProviderAsync(string cc, long asn, CellWindow window, CancellationToken ct) =>
        ReadAsync("where u.cc = $1 and u.day >= $2 and u.day < $3 and u.asn = $4", ct, cc, window.Since, window.Until, asn);

    /// <summary>All days of the cells in which one unit saw interference for three days or more: those that patterns of blocking are made of.</summary>
    public Task<IReadOnlyList<UnitDay>> OfHeldCellsAsync(string cc, CellWindow window, CancellationToken ct) =>
        ReadAsync(
            """
            join (
                select distinct h.target, h.asn from (
                    select target, asn from unit_day where cc = $1 and day >= $2 and day < $3 and n > 0 and k * 2 >= n group by target, asn, unit having count(*) >= 3
                ) h
            ) c on c.target = u.target and c.asn = u.asn
            where u.cc = $1 and u.day >= $2 and u.day < $3
            """, ct, cc, window.Since, window.Until);

    /// <summary>All days of some cells.</summary>
    public static Task<IReadOnlyList<UnitDay>> OfCellsAsync(
        NpgsqlConnection connection, string cc, CellWindow window, IReadOnlyCollection<(string Target, long Asn)> cells, CancellationToken ct) =>
        ReadAsync(connection, "join unnest($4::text[], $5::bigint[]) c(target, asn) on c.target = u.target and c.asn = u.asn where u.cc = $1 and u.day >= $2 and u.day < $3",
            ct, cc, window.Since, window.Until, cells.Select(c => c.Target).ToArray(), cells.Select(c => c.Asn).ToArray());

    /// <summary>Those of a country's day that the keys name.</summary>
    public static Task<IReadOnlyList<UnitDay>> OfKeysAsync(
        NpgsqlConnection connection, string cc, DateOnly day, IReadOnlyCollection<UnitDayKey> keys, CancellationToken ct) =>
        ReadAsync(connection,
            """
            join unnest($3::text[], $4::bigint[], $5::bytea[], $6::smallint[]) k(target, asn, unit, asn_source)
                on k.target = u.target and k.asn = u.asn and k.unit = u.unit and k.asn_source = u.asn_source
            where u.cc = $1 and u.day = $2
            """,
            ct, cc, day, keys.Select(k => k.Target).ToArray(), keys.Select(k => k.Asn).ToArray(), keys.Select(k => k.Unit.ToArray()).ToArray(),
            keys.Select(k => (short)k.Source).ToArray());

    /// <summary>Puts a host's day in the place of what was there.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection, string cc, string host, DateOnly day, IReadOnlyList<UnitDay> days, string fingerprintsVersion, CancellationToken ct)
    {
        await ExecuteAsync(connection, "delete from unit_day where cc = $1 and host = $2 and day = $3", ct, cc, host, day);
        await AddAsync(connection, days, fingerprintsVersion, ct);
    }

    /// <summary>Puts unit days of one country and day in the place of those with the same keys.</summary>
    public static async Task ReplaceAsync(NpgsqlConnection connection, IReadOnlyList<UnitDay> days, string fingerprintsVersion, CancellationToken ct)
    {
        if (days.Count == 0)
            return;
        await ExecuteAsync(connection,
            """
            delete from unit_day u using unnest($3::text[], $4::bigint[], $5::bytea[], $6::smallint[]) k(target, asn, unit, asn_source)
            where u.cc = $1 and u.day = $2 and k.target = u.target and k.asn = u.asn and k.unit = u.unit and k.asn_source = u.asn_source
            """,
            ct, days[0].Cc, days[0].Day, days.Select(d => d.Target).ToArray(), days.Select(d => d.Asn).ToArray(), days.Select(d => d.Unit.ToArray()).ToArray(),
            days.Select(d => (short)d.AsnSource).ToArray());
        await AddAsync(connection, days, fingerprintsVersion, ct);
    }

    static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<UnitDay> days, string fingerprintsVersion, CancellationToken ct)
    {
        if (days.Count == 0)
            return;
        await UnitDayCopy.AddAsync(connection, days, fingerprintsVersion, ct);
        var isps = days.Select(d => (d.Cc, d.Asn, d.Day)).Distinct().Order().ToArray();
        await ExecuteAsync(connection,
            """
            insert into isp as i (cc, asn, first_day, last_day)
            select n.cc, n.asn, min(n.day), max(n.day) from unnest($1::text[], $2::bigint[], $3::date[]) n(cc, asn, day) group by n.cc, n.asn
            on conflict (cc, asn) do update set first_day = least(i.first_day, excluded.first_day), last_day = greatest(i.last_day, excluded.last_day)
            where i.first_day > excluded.first_day or i.last_day < excluded.last_day
            """, ct, isps.Select(i => i.Cc).ToArray(), isps.Select(i => i.Asn).ToArray(), isps.Select(i => i.Day).ToArray());
    }

    async Task<IReadOnlyList<UnitDay>> ReadAsync(string condition, CancellationToken ct, params object[] values)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await ReadAsync(connection, condition, ct, values);
    }

    static async Task<IReadOnlyList<UnitDay>> ReadAsync(NpgsqlConnection connection, string condition, CancellationToken ct, params object[] values)
    {
        await using var command = Command(connection, $"select {Columns} from unit_day u {condition} order by u.target, u.asn, u.day, u.unit, u.asn_source", values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var days = new List<UnitDay>();
        while (await reader.ReadAsync(ct))
            days.Add(Read(reader));
        return days;
    }

    static UnitDay Read(NpgsqlDataReader reader)
    {
        var day = reader.GetFieldValue<DateOnly>(3);
        return new()
        {
            Cc = reader.GetString(0),
            Host = reader.GetString(1),
            Target = reader.GetString(2),
            Day = day,
            Asn = reader.GetInt64(4),
            Unit = new(reader.GetFieldValue<byte[]>(5)),
            Group = new(reader.GetFieldValue<byte[]>(6)),
            AsnSource = (AsnSource)reader.GetInt16(7),
            Access = (Access)reader.GetInt16(8),
            Sights = SightsCodec.Read(day, reader.GetFieldValue<byte[]>(9)),
            Witness = reader.GetGuid(10),
            Established = reader.GetBoolean(11),
        };
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
