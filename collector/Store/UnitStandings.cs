using Npgsql;
using ProbeNet.Collector.Analysis.Trust;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Store;

/// <summary>What is known of units beside what they measured.</summary>
static class UnitStandings
{
    /// <summary>Of unit_day u: who has no line was there before lines were kept.</summary>
    public const string Established = "coalesce((select s.established and s.doubt is null from unit_standing s where s.unit = u.unit), true)";

    /// <summary>
    /// What every unit of a country said of every target since a day, on networks that the collector observed. Of a unit that was brought back
    /// only what it says since: for what was before it has been judged.
    /// </summary>
    public static async Task<IReadOnlyList<UnitSaying>> SayingsAsync(NpgsqlDataSource source, string cc, DateOnly since, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select asn, target, unit, (array_agg("group" order by day desc))[1], sum(k)::integer, sum(n)::integer, sum(outcomes[6])::integer
            from unit_day u where cc = $1 and day >= $2 and asn_source = $3
                and not exists (select from quarantine_log l where l.unit = u.unit and l.what = 'brought_back' and l.day >= u.day)
            group by asn, target, unit
            """, cc, since, (short)AsnSource.Bound);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var sayings = new List<UnitSaying>();
        while (await reader.ReadAsync(ct))
            sayings.Add(new(cc, reader.GetInt64(0), reader.GetString(1), new(reader.GetFieldValue<byte[]>(2)), new(reader.GetFieldValue<byte[]>(3)),
                reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6)));
        return sayings;
    }

    /// <summary>Notes why units are doubted, or that they no longer are. Where that changes, the country's cells and the events of what these units looked at are computed anew.</summary>
    public static async Task DoubtAsync(NpgsqlDataSource source, string cc, uint epoch, IReadOnlyList<UnitReview> reviews, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var update = connection.Command(
            """
            with said as (select * from unnest($1::bytea[], $2::text[]) r(unit, doubt)),
                changed as (
                    insert into unit_standing as s (unit, epoch, established, doubt) select unit, $3, true, nullif(doubt, '') from said
                    where doubt <> '' or exists (select 1 from unit_standing o where o.unit = said.unit)
                    on conflict (unit) do update set doubt = excluded.doubt where (s.doubt is null) <> (excluded.doubt is null)
                    returning unit),
                due as (
                    insert into event_due (cc, host, marked)
                    select $4, h.host, nextval('dirty_mark') from (select distinct host from unit_day where cc = $4 and unit in (select unit from changed) order by 1) h
                    on conflict (cc, host) do update set marked = excluded.marked)
            delete from cell_window where cc = $4 and exists (select from changed)
            """,
            reviews.Select(r => r.Unit.ToArray()).ToArray(), reviews.Select(r => r.Result == Trustworthiness.Doubtful ? r.Reason : "").ToArray(), (int)epoch, cc);
        await update.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
