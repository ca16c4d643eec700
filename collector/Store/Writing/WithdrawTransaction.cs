using Npgsql;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Store.Writing;

/// <summary>
/// Deletes what a key sent, leaves tombstones, marks the days, and remembers the withdrawal for batches still on their way.
/// Rows whose link to the key is already gone cannot be found any more, by anyone.
/// </summary>
static class WithdrawTransaction
{
    const string Alone = "select pg_advisory_xact_lock(7205759403792793603)";

    const string Remember = "insert into withdrawal (key_id, since_day, through_sequence, day) values ($1, $2, $3, $4) on conflict do nothing";

    // The times of a batch lead to its rows by the index on time: there is none on the batch.
    const string Theirs =
        """
        b.key_id = $1 and b.sequence <= $3 and m.time between b.first_time and b.last_time and m.batch = b.seal_hash
            and m.time >= ($2::date)::timestamp at time zone 'UTC'
        """;

    static readonly string FromTable = Delete("measurement");

    static readonly string FromLate = Delete("measurement_late");

    public static async Task CommitAsync(NpgsqlDataSource store, CheckedWithdrawal withdrawal, DateOnly today, CancellationToken ct)
    {
        var key = KeyId.Of(withdrawal.Withdrawal.PublicKey.Span);
        var since = Day.ToDate(withdrawal.Withdrawal.SinceDay);
        var through = (long)Math.Min(withdrawal.Withdrawal.ThroughSequence, long.MaxValue);
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alone = new NpgsqlCommand(Alone, connection, transaction) { CommandTimeout = 0 })
            await alone.ExecuteNonQueryAsync(ct);
        var tombstones = await GoingAsync(connection, transaction, [key, since, through], ct);
        await using var statements = new NpgsqlBatch(connection, transaction) { Timeout = 0 };
        Add(statements, Remember, key, since, through, today);
        Add(statements, FromTable, key, since, through);
        Add(statements, FromLate, key, since, through);
        Add(statements, WriteStatements.Tombstones, tombstones.Parameters(today));
        await statements.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    static async Task<Tombstones> GoingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, object[] values, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select m.uid, m.batch, m.leaf_index, m.details from measurement m, batch b where {Theirs}
            union all select m.uid, m.batch, m.leaf_index, m.details from measurement_late m, batch b where {Theirs}
            """, connection, transaction);
        command.CommandTimeout = 0;
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tombstones = new Tombstones();
        while (await reader.ReadAsync(ct))
            tombstones.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1), reader.GetInt16(2), reader.GetFieldValue<byte[]>(3));
        return tombstones;
    }

    static string Delete(string table) =>
        $"""
        with gone as (
            delete from {table} m using batch b
            where {Theirs}
            returning m.cc, m.target, m.time, m.role, m.unit
        ), former as (
            delete from unit_day_former f using gone g
            where f.cc = g.cc and f.host = g.target and f.day = (g.time at time zone 'UTC')::date and f.unit = g.unit
        )
        insert into dirty (cc, target, day, marked)
        select d.cc, d.target, d.day, nextval('dirty_mark')
        from (select distinct case when role = 2 then '*' else cc end as cc, target, (time at time zone 'UTC')::date as day from gone order by 1, 2, 3) d
        on conflict (cc, target, day) do update set marked = excluded.marked
        """;

    static void Add(NpgsqlBatch statements, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        statements.BatchCommands.Add(command);
    }
}
