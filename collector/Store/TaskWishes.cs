using Npgsql;
using ProbeNet.Collector.Analysis.Events;

namespace ProbeNet.Collector.Store;

/// <summary>What volunteers are to be asked for. The fleet hands it out.</summary>
static class TaskWishes
{
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Puts a host's questions in the place of those that were there.</summary>
    /// <param name="wait">Before the first home is asked.</param>
    /// <returns>True when somebody is to be asked who was not before.</returns>
    public static async Task<bool> ReplaceAsync(
        NpgsqlConnection connection, string cc, string host, IEnumerable<ProviderQuestion> questions, Func<TimeSpan> wait, DateTimeOffset now, CancellationToken ct)
    {
        var open = questions.Where(q => q.Question.Since > now - Lifetime).ToArray();
        await using (var over = connection.Command(
            """
            delete from task_wish where since <= $5 or (cc = $1 and host = $2
                and not exists (select from unnest($3::text[], $4::bigint[]) q(target, asn) where q.target = task_wish.target and q.asn = task_wish.asn))
            """, cc, host, open.Select(q => q.Target).ToArray(), open.Select(q => q.Asn).ToArray(), (now - Lifetime).UtcDateTime))
            await over.ExecuteNonQueryAsync(ct);
        if (open.Length == 0)
            return false;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (target, asn, question) in open)
            batch.Add(
                """
                insert into task_wish as w (cc, host, target, asn, since, heard, wanted, due) values ($1, $2, $3, $4, $5, $6, $7, $8)
                on conflict (cc, target, asn) do update set since = $5, heard = $6, wanted = $7, due = case when w.since = $5 then w.due else $8 end
                where w.since <> $5 or w.heard <> $6
                """, cc, host, target, asn, question.Since.UtcDateTime, question.Heard.Select(group => group.ToArray()).ToArray(), question.Wanted,
                ((question.Since > now ? question.Since : now) + wait()).UtcDateTime);
        return await batch.ExecuteNonQueryAsync(ct) > 0;
    }
}
