using System.Net.Sockets;
using Npgsql;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Fleet.Tasks;

/// <summary>
/// Finds the volunteer that asks for work something to look at: what others of its provider saw and too few homes have looked at. The
/// store counts, so that the bounds hold for all processes together; while it is away nobody is asked.
/// </summary>
sealed class TaskRounds(NpgsqlDataSource store, TaskBounds bounds, TimeProvider time)
{
    // As many as an agent takes of a day.
    const int MostPerUnitAndDay = 10;

    const string NextWish =
        """
        select w.target, e.input from task_wish w join lateral (
            select l.input from list_entry l where l.list = $5 and l.version = $6 and case when l.page then l.input else l.target end = w.target order by l.position limit 1) e on true
        where w.cc = $1 and w.asn = $2 and w.wanted > 0 and w.due <= $7 and w.since > $7 - interval '1 day' and not $4 = any(w.heard)
            and not exists (select from task_given g where g.unit = $3 and g.day = $8 and g.target = w.target)
            and (select count(*) from task_given g where g.unit = $3 and g.day = $8) < $9
            and not exists (select from revocation r where r.kind = 'quarantine' and r.subject = $3)
        order by w.due, w.target limit 1 for update of w
        """;

    /// <param name="who">A volunteer whose network the collector has observed; others cannot corroborate.</param>
    /// <param name="list">The list now in force on it.</param>
    /// <returns>Null where nothing is to be asked of it now.</returns>
    public Task<VolunteerTask?> TakeAsync(KeyCertificate who, string list, ulong version, CancellationToken ct) => TryAsync(async (connection, transaction) =>
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var unit = who.Unit.ToByteArray();
        await using var next = Command(connection, transaction, NextWish, who.Cc, (long)who.Asn, unit, who.Group.ToByteArray(), list, (long)version, now, today, MostPerUnitAndDay);
        VolunteerTask task;
        await using (var reader = await next.ExecuteReaderAsync(ct))
        {
            if (!await reader.ReadAsync(ct))
                return null;
            task = new(reader.GetString(0), list, reader.GetString(1), now + VolunteerTask.Lifetime);
        }
        if (!await ChangesAsync(
            """
            insert into task_hour as h (cc, asn, hour, given) select $1, $2, date_trunc('hour', $3::timestamptz), 1 where $4 > 0
            on conflict (cc, asn, hour) do update set given = h.given + 1 where h.given < $4
            """, who.Cc, (long)who.Asn, now, bounds.PerIspAndHour))
            return null;
        // The same volunteer may stand at two doors.
        if (!await ChangesAsync("insert into task_given (unit, day, target) values ($1, $2, $3) on conflict do nothing", unit, today, task.Target))
            return null;
        await ChangesAsync("update task_wish set wanted = wanted - 1, due = $4 where cc = $1 and asn = $2 and target = $3", who.Cc, (long)who.Asn, task.Target, Minute(now) + bounds.Wait());
        await transaction.CommitAsync(ct);
        return task;

        async Task<bool> ChangesAsync(string sql, params object[] values)
        {
            await using var command = Command(connection, transaction, sql, values);
            return await command.ExecuteNonQueryAsync(ct) > 0;
        }
    }, ct);

    /// <summary>The volunteer does not look at it: another is asked in its place.</summary>
    public Task GiveBackAsync(KeyCertificate who, VolunteerTask task, CancellationToken ct) => TryAsync<object>(async (connection, transaction) =>
    {
        await using var command = Command(connection, transaction, "update task_wish set wanted = wanted + 1 where cc = $1 and asn = $2 and target = $3", who.Cc, (long)who.Asn, task.Target);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }, ct);

    /// <summary>Forgets whom it asked on past days.</summary>
    public async Task ForgetPastAsync(CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await using var command = store.CreateCommand("with hours as (delete from task_hour where hour < $1) delete from task_given where day < $1");
        command.Parameters.Add(new() { Value = today });
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task<T?> TryAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, Task<T?>> work, CancellationToken ct)
        where T : class
    {
        try
        {
            await using var connection = await store.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            return await work(connection, transaction);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            return null;
        }
    }

    // Nothing that is kept tells when a volunteer was there.
    static DateTimeOffset Minute(DateTimeOffset now) => new(now.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    static NpgsqlCommand Command(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
