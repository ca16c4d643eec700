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

    /// <summary>What every unit of a country said of every target since a day, on networks that the collector observed.</summary>
    public static async Task<IReadOnlyList<UnitSaying>> SayingsAsync(NpgsqlDataSource source, string cc, DateOnly since, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select asn, target, unit, (array_agg("group" order by day desc))[1], sum(k)::integer, sum(n)::integer, sum(outcomes[6])::integer
            from unit_day where cc = $1 and day >= $2 and asn_source = $3 group by asn, target, unit
            """, cc, since, (short)AsnSource.Bound);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var sayings = new List<UnitSaying>();
        while (await reader.ReadAsync(ct))
            sayings.Add(new(cc, reader.GetInt64(0), reader.GetString(1), new(reader.GetFieldValue<byte[]>(2)), new(reader.GetFieldValue<byte[]>(3)),
                reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6)));
        return sayings;
    }

    /// <summary>Notes why units are doubted, or that they no longer are. What the country's cells rest on is computed anew where that changes.</summary>
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
                    returning 1)
            delete from cell_window where cc = $4 and exists (select 1 from changed)
            """,
            reviews.Select(r => r.Unit.ToArray()).ToArray(), reviews.Select(r => r.Result == Trustworthiness.Doubtful ? r.Reason : "").ToArray(), (int)epoch, cc);
        await update.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
