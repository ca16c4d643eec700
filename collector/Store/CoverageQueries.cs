using Npgsql;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Store;

/// <summary>What one provider's volunteers did on one day, or in a window.</summary>
sealed record CoverageRow(string Cc, long Asn, DateOnly Day, int Units, int Targets, int Runs, int Discarded);

sealed record IspRow(string Cc, long Asn, DateOnly FirstDay, DateOnly LastDay, int Units, int Targets, int Runs, int Discarded);

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
    public async Task<IReadOnlyList<IspRow>> IspsAsync(string? cc, long? asn, DateOnly since, DateOnly until, CancellationToken ct)
    {
        await using var command = store.Command("""
            select i.cc, i.asn, i.first_day, i.last_day,
                coalesce((select max(e.units) from (
                    select count(distinct v.unit) as units from unit_day v where v.cc = i.cc and v.asn = i.asn and v.day >= $1 and v.day < $2
                    group by (v.day - date '1970-01-01') / $5) e), 0)::int,
                count(distinct u.target)::int, coalesce(sum(u.runs), 0)::int, coalesce(sum(u.discarded_runs), 0)::int
            from isp i left join unit_day u on u.cc = i.cc and u.asn = i.asn and u.day >= $1 and u.day < $2
            where ($3::text is null or i.cc = $3) and ($4::bigint is null or i.asn = $4)
            group by i.cc, i.asn order by i.cc, i.asn
            """, since, until, cc, asn, Day.PerEpoch);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<IspRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateOnly>(2), reader.GetFieldValue<DateOnly>(3),
                reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7)));
        return rows;
    }
}
