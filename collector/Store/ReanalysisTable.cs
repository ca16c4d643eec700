using Npgsql;
using NpgsqlTypes;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>A host's day as a reanalysis found it.</summary>
/// <param name="Through">The last place of the log that it was computed from.</param>
/// <param name="Units">Null where they say what is in force.</param>
/// <param name="Strays">Null where they are what is in force.</param>
sealed record DayNext(string Cc, string Host, DateOnly Day, long Through, IReadOnlyList<UnitDay>? Units, IReadOnlyCollection<string>? Strays);

/// <summary>What a reanalysis lays beside what is in force, until it takes its place.</summary>
static class ReanalysisTable
{
    /// <summary>Begins one. What an earlier one that never ended laid aside is thrown away.</summary>
    public static async Task<long> BeginAsync(NpgsqlConnection connection, CellWindow window, int rulesVersion, string fingerprintsVersion, CancellationToken ct)
    {
        await DropAsync(connection, ct);
        await using (var batch = new NpgsqlBatch(connection))
        {
            // After a crash it begins anew: nothing of it needs the log.
            batch.Add("create unlogged table unit_day_next (like unit_day)");
            batch.Add("create unlogged table day_next (cc text, host text, day date, through bigint, units boolean, strays text[], primary key (cc, host, day))");
            batch.Add("create index on unit_day_next (host, day)");
            batch.Add("delete from reanalysis where finished is null");
            batch.Add("delete from reanalysis_again");
            await batch.ExecuteNonQueryAsync(ct);
        }
        await using var begin = connection.Command("insert into reanalysis (since, until, rules_version, fingerprints_version) values ($1, $2, $3, $4) returning id",
            window.Since, window.Until, rulesVersion, fingerprintsVersion);
        return (long)(await begin.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Throws away what was laid aside.</summary>
    public static async Task DropAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("drop table if exists unit_day_next");
        batch.Add("drop table if exists day_next");
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The hosts that have unit days, together until they have so many measurements.</summary>
    public static async Task<IReadOnlyList<string[]>> HostsAsync(NpgsqlDataSource source, CellWindow days, int rows, CancellationToken ct)
    {
        await using var command = source.Command(
            "select host, sum(n + discarded_runs) from unit_day where day >= $1 and day < $2 group by host order by host", days.Since, days.Until);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var parts = new List<string[]>();
        var part = new List<string>();
        var together = 0L;
        while (await reader.ReadAsync(ct))
        {
            part.Add(reader.GetString(0));
            together += reader.GetInt64(1);
            if (together < rows)
                continue;
            parts.Add([.. part]);
            part.Clear();
            together = 0;
        }
        return part.Count == 0 ? parts : [.. parts, [.. part]];
    }

    /// <summary>The prints of the unit days in force, by host's day.</summary>
    public static async Task<IReadOnlyDictionary<(string Cc, DateOnly Day, string Host), HashSet<string>>> PrintsAsync(
        NpgsqlDataSource source, string[] hosts, CellWindow days, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select cc, day, host, target, asn, unit, "group", asn_source, access, findings, witness from unit_day
            where host = any($1) and day >= $2 and day < $3
            """, hosts, days.Since, days.Until);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var prints = new Dictionary<(string, DateOnly, string), HashSet<string>>();
        while (await reader.ReadAsync(ct))
        {
            var key = (reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2));
            if (!prints.TryGetValue(key, out var day))
                prints[key] = day = new(StringComparer.Ordinal);
            day.Add(UnitDayPrint.Of(reader.GetString(3), reader.GetInt64(4), reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<byte[]>(6), reader.GetInt16(7),
                reader.GetInt16(8), reader.GetFieldValue<byte[]>(9), reader.GetGuid(10)));
        }
        return prints;
    }

    public static async Task<IReadOnlyList<(string Cc, DateOnly Day, string Host, string Mark)>> StraysAsync(NpgsqlDataSource source, CellWindow days, CancellationToken ct)
    {
        await using var command = source.Command("select cc, day, host, mark from stray where day >= $1 and day < $2", days.Since, days.Until);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var marks = new List<(string, DateOnly, string, string)>();
        while (await reader.ReadAsync(ct))
            marks.Add((reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2), reader.GetString(3)));
        return marks;
    }

    /// <summary>Puts what differs in the place of what was laid aside for the hosts before.</summary>
    public static async Task StageAsync(NpgsqlDataSource source, string[] hosts, CellWindow window, IReadOnlyList<DayNext> days, string fingerprintsVersion, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var table in new[] { "unit_day_next", "day_next" })
        {
            await using var delete = connection.Command($"delete from {table} where host = any($1) and day >= $2 and day < $3", hosts, window.Since, window.Until);
            await delete.ExecuteNonQueryAsync(ct);
        }
        var units = days.SelectMany(d => d.Units ?? []).ToArray();
        if (units.Length > 0)
            await UnitDayCopy.AddAsync(connection, units, fingerprintsVersion, ct, "unit_day_next");
        await using (var copy = await connection.BeginBinaryImportAsync("copy day_next (cc, host, day, through, units, strays) from stdin (format binary)", ct))
        {
            foreach (var day in days)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(day.Cc, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(day.Host, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(day.Day, NpgsqlDbType.Date, ct);
                await copy.WriteAsync(day.Through, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(day.Units is not null, NpgsqlDbType.Boolean, ct);
                if (day.Strays is { } strays)
                    await copy.WriteAsync(strays.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
                else
                    await copy.WriteNullAsync(ct);
            }
            await copy.CompleteAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }
}
