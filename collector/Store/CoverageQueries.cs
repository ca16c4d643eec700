using Npgsql;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Store;

/// <summary>What one provider's volunteers did on one day, or in a window.</summary>
sealed record CoverageRow(string Cc, long Asn, DateOnly Day, int Units, int Targets, int Runs, int Discarded);

/// <param name="FirstDay">Ever, or of the window's days that count where few are left out.</param>
sealed record IspRow(string Cc, long Asn, DateOnly? FirstDay, DateOnly? LastDay, int Units, int Targets, int Runs, int Discarded);

/// <summary>What was measured by how many, from unit days.</summary>
sealed class CoverageQueries(NpgsqlDataSource store)
{
    public async Task<IReadOnlyList<CoverageRow>> DaysAsync(string? cc, long? asn, DateOnly since, DateOnly until, CancellationToken ct)
    {
        await using var command = store.Command("""
            select cc, asn, day, count(distinct unit)::int, count(distinct target)::int, sum(runs)::int, sum(discarded_runs)::int
            from unit_day where day >= $1 and day < $2 and ($3::text is null or cc = $3) and ($4::bigint is null or asn = $4)
            group by cc, asn, day order by day, cc, asn
            """, since, until, cc, asn);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<CoverageRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateOnly>(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6)));
        return rows;
    }

    /// <summary>Every provider that was ever measured, with the figures of the window; volunteers are those of the epoch that has most.</summary>
    /// <param name="minimumUnits">A provider's days with fewer volunteers are left out; 0 leaves nothing out.</param>
    public async Task<IReadOnlyList<IspRow>> IspsAsync(string? cc, long? asn, DateOnly since, DateOnly until, int minimumUnits, CancellationToken ct)
    {
        await using var command = store.Command("""
            with looked as materialized (
                select cc, asn, day, unit, target, runs, discarded_runs from unit_day
                where day >= $1 and day < $2 and ($3::text is null or cc = $3) and ($4::bigint is null or asn = $4)
            ), seen as (
                select * from looked join (select cc, asn, day from looked group by cc, asn, day having count(distinct unit) >= $6) d using (cc, asn, day)
            )
            select i.cc, i.asn, case when $6 = 0 then i.first_day else min(u.day) end, case when $6 = 0 then i.last_day else max(u.day) end,
                coalesce((select max(e.units) from (
                    select count(distinct v.unit) as units from seen v where v.cc = i.cc and v.asn = i.asn group by (v.day - date '1970-01-01') / $5) e), 0)::int,
                count(distinct u.target)::int, coalesce(sum(u.runs), 0)::int, coalesce(sum(u.discarded_runs), 0)::int
            from isp i left join seen u on u.cc = i.cc and u.asn = i.asn
            where ($3::text is null or i.cc = $3) and ($4::bigint is null or i.asn = $4)
            group by i.cc, i.asn order by i.cc, i.asn
            """, since, until, cc, asn, Day.PerEpoch, minimumUnits);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<IspRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(reader.GetString(0), reader.GetInt64(1), DayOrNull(2), DayOrNull(3),
                reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7)));
        return rows;

        DateOnly? DayOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateOnly>(column);
    }
}
