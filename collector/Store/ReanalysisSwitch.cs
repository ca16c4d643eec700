using Npgsql;
using ProbeNet.Collector.Analysis.Reanalysis;

namespace ProbeNet.Collector.Store;

/// <summary>The statements with which what a reanalysis found takes the place of what was in force, all in one transaction.</summary>
static class ReanalysisSwitch
{
    // Somebody else's work on a day while a reanalysis is under way. Its beginning waits for the transactions before it.
    const string IsUnderWay = "exists (select from reanalysis r where r.finished is null and d.day >= r.since and d.day < r.until)";

    /// <summary>Whose unit days will change, by country.</summary>
    public static async Task<IReadOnlyList<(string Cc, string[] Hosts)>> HostsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = connection.Command("select cc, array_agg(distinct host order by host) from day_next where units group by cc order by cc");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var countries = new List<(string, string[])>();
        while (await reader.ReadAsync(ct))
            countries.Add((reader.GetString(0), reader.GetFieldValue<string[]>(1)));
        return countries;
    }

    /// <summary>Keeps what was in force and puts the new in its place.</summary>
    /// <returns>Unit days that are other ones now.</returns>
    public static async Task<long> SwitchAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await ExecuteAsync("analyze day_next, unit_day_next");
        var changed = await ExecuteAsync(
            $"""
            insert into unit_day_former select $1, u.* from day_next n join unit_day u on u.cc = n.cc and u.host = n.host and u.day = n.day
            where n.units and not exists (
                select from unit_day_next x where {SameKey("x")} and x.findings = u.findings and x."group" = u."group" and x.access = u.access and x.witness = u.witness)
            """, id);
        changed += await CountAsync($"select count(*)::integer from unit_day_next x where not exists (select from unit_day u where {SameKey("x")})");
        await ExecuteAsync("delete from unit_day u using day_next n where n.units and u.cc = n.cc and u.host = n.host and u.day = n.day");
        await ExecuteAsync("insert into unit_day select * from unit_day_next");
        await ExecuteAsync("delete from stray s using day_next n where n.strays is not null and s.cc = n.cc and s.host = n.host and s.day = n.day");
        await ExecuteAsync("insert into stray (cc, day, host, mark) select n.cc, n.day, n.host, m.mark from day_next n, unnest(n.strays) m(mark)");
        await ExecuteAsync(
            """
            insert into day_ahead (cc, host, day, through)
            select n.cc, n.host, n.day, n.through from day_next n where n.units and n.through > (select index from analysis_position)
            on conflict (cc, host, day) do update set through = excluded.through
            """);
        await ExecuteAsync(
            """
            insert into dirty (cc, target, day, marked) select d.cc, d.host, d.day, nextval('dirty_mark') from (select * from reanalysis_again order by 1, 2, 3) d
            on conflict (cc, target, day) do update set marked = excluded.marked
            """);
        await ExecuteAsync("delete from reanalysis_again");
        return changed;

        static string SameKey(string x) =>
            $"{x}.cc = u.cc and {x}.target = u.target and {x}.day = u.day and {x}.asn = u.asn and {x}.unit = u.unit and {x}.asn_source = u.asn_source";

        async Task<int> CountAsync(string sql)
        {
            await using var command = connection.Command(sql);
            command.CommandTimeout = 0;
            return (int)(await command.ExecuteScalarAsync(ct))!;
        }

        async Task<int> ExecuteAsync(string sql, params object?[] values)
        {
            await using var command = connection.Command(sql, values);
            command.CommandTimeout = 0;
            return await command.ExecuteNonQueryAsync(ct);
        }
    }

    public static async Task FinishAsync(NpgsqlConnection connection, ReanalysisOutcome outcome, DateOnly today, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("update reanalysis set finished = $2, measurements = $3, changed = $4 where id = $1", outcome.Id, today, outcome.Measurements, outcome.Changed);
        foreach (var (cc, target, asn, before, after) in outcome.Cells)
            batch.Add("insert into cell_change values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                outcome.Id, cc, target, asn, before?.State, after?.State, before?.Reason, after?.Reason, before?.Mechanisms.ToArray() ?? [], after?.Mechanisms.ToArray() ?? []);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes days that were computed beside a reanalysis that is under way.</summary>
    public static async Task NoteAsync(NpgsqlConnection connection, IReadOnlyCollection<(string Cc, string Host, DateOnly Day)> days, CancellationToken ct)
    {
        await using var command = connection.Command(
            $"""
            insert into reanalysis_again (cc, host, day)
            select d.cc, d.host, d.day from unnest($1::text[], $2::text[], $3::date[]) d(cc, host, day) where {IsUnderWay} on conflict do nothing
            """, days.Select(d => d.Cc).ToArray(), days.Select(d => d.Host).ToArray(), days.Select(d => d.Day).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first and last day that has unit days of other rules or fingerprints and that no reanalysis under these has gone over.</summary>
    public static async Task<(DateOnly First, DateOnly Last)?> OutdatedAsync(NpgsqlDataSource source, int rulesVersion, string fingerprintsVersion, DateOnly since, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select min(day), max(day) from unit_day u where (rules_version <> $1 or fingerprints_version <> $2) and day >= $3
                and not exists (select from reanalysis r where r.finished is not null and r.rules_version = $1 and r.fingerprints_version = $2 and u.day >= r.since and u.day < r.until)
            """, rulesVersion, fingerprintsVersion, since);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.IsDBNull(0) ? null : (reader.GetFieldValue<DateOnly>(0), reader.GetFieldValue<DateOnly>(1));
    }
}
