using Npgsql;
using NpgsqlTypes;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Rollout;

/// <summary>Rollouts at rest. Every change is in the audit log, in the same transaction.</summary>
sealed class RolloutTable(NpgsqlDataSource store, EpochSecrets epochs, ListAudit audit, TimeProvider time)
{
    /// <param name="list">Null: of all lists.</param>
    public async Task<IReadOnlyList<RolloutRow>> ReadAsync(string? list, CancellationToken ct)
    {
        var epoch = await epochs.GetAsync(ct);
        await using var command = store.CreateCommand(
            """
            select l.list, l.version, l.entries, l.target_cc, l.target_asn, l.released, l.expires, r.stage, r.stage_since, r.looks, r.reason, r.emergency, r.reverts,
                r.state, r.groups, r.agents, r.cohort_from, r.cohort_to, r.admitted_asn, r.admitted_to, r.held_cc, r.held_asn
            from list_release l join rollout r using (list, version) where $1::text is null or l.list = $1 order by l.list, l.version
            """);
        command.Parameters.Add(new() { Value = (object?)list ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<RolloutRow>();
        while (await reader.ReadAsync(ct))
        {
            var stage = (Stage)reader.GetInt16(7);
            rows.Add(new(
                reader.GetString(0), (ulong)reader.GetInt64(1), reader.GetInt32(2), reader.GetFieldValue<string[]>(3), reader.GetFieldValue<long[]>(4),
                reader.GetFieldValue<DateOnly>(5), reader.GetFieldValue<DateOnly>(6), stage, reader.GetFieldValue<DateTimeOffset>(8), reader.GetInt16(9),
                reader.GetString(10), reader.GetBoolean(11), (ulong)reader.GetInt64(12), SpreadRow.Read(reader, 13, stage, epoch)));
        }
        return rows;
    }

    /// <summary>Goes to a stage; null ends the rollout.</summary>
    public Task<bool> PromoteAsync(RolloutRow row, Stage? next, Admission admission, CancellationToken ct) => ChangeAsync(
        row.List, row.Version, ListAudit.Collector, next is null ? "complete" : "stage", next?.ToString() ?? "everybody has it",
        """
        update rollout set state = $3, stage = $4, stage_since = $5, looks = 0, reason = '', admitted_asn = $6, admitted_to = $7
        where list = $1 and version = $2 and state = 'running'
        """,
        [
            next is null ? "complete" : "running", (short)(next ?? Stage.All), time.GetUtcNow(), admission.UpTo.Keys.Select(asn => (long)asn).ToArray(),
            admission.UpTo.Values.Select(position => unchecked((long)position)).ToArray(),
        ], ct);

    /// <summary>Nobody more gets it, until it is resumed or taken back.</summary>
    /// <returns>False when it was not on its way.</returns>
    public Task<bool> HaltAsync(string list, ulong version, string who, RolloutState state, string reason, CancellationToken ct) => ChangeAsync(
        list, version, who, state == RolloutState.Paused ? "pause" : "halt", reason,
        // What waits for a signature was never valid: there is nothing to resume.
        "update rollout set state = case when state = 'waiting' then 'superseded' else $3 end, reason = $4, pending = null where list = $1 and version = $2 and state in ('running', 'paused', 'waiting')",
        [state.ToString().ToLowerInvariant(), reason], ct);

    /// <returns>False when it was not halted.</returns>
    public Task<bool> ResumeAsync(string list, ulong version, string who, CancellationToken ct) => ChangeAsync(
        list, version, who, "resume", "",
        // Who refused is asked again; what a brief agent said hours ago is not what halts it next.
        """
        with asked as (
            update agent_key set refusal = '' where refused_list = $1 and refused_version = $2
                and exists (select 1 from rollout where list = $1 and version = $2 and state in ('paused', 'halted')))
        update rollout set state = 'running', reason = '', stage_since = $3, looks = 0 where list = $1 and version = $2 and state in ('paused', 'halted')
        """,
        [time.GetUtcNow()], ct);

    /// <summary>Nobody more gets it there; empty sets let everybody have it again.</summary>
    public Task<bool> HoldAsync(string list, ulong version, string who, IReadOnlyCollection<string> cc, IReadOnlyCollection<uint> asn, CancellationToken ct) => ChangeAsync(
        list, version, who, cc.Count + asn.Count > 0 ? "hold" : "unhold", string.Join(' ', cc.Concat(asn.Select(number => $"AS{number}"))),
        "update rollout set held_cc = $3, held_asn = $4 where list = $1 and version = $2 and state <> 'superseded'",
        [cc.ToArray(), asn.Select(number => (long)number).ToArray()], ct);

    /// <summary>Notes what a look found; no change of state.</summary>
    public async Task NoteAsync(RolloutRow row, int looks, string reason, CancellationToken ct)
    {
        await using var update = store.CreateCommand("update rollout set looks = $3, reason = $4 where list = $1 and version = $2 and state = 'running'");
        foreach (var value in new object[] { row.List, (long)row.Version, (short)looks, reason })
            update.Parameters.Add(new() { Value = value });
        await update.ExecuteNonQueryAsync(ct);
    }

    async Task<bool> ChangeAsync(string list, ulong version, string who, string action, string detail, string sql, object[] values, CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var update = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values.Prepend((long)version).Prepend(list))
            update.Parameters.Add(new() { Value = value });
        if (await update.ExecuteNonQueryAsync(ct) == 0)
            return false;
        await audit.AppendAsync(who, list, version, action, detail, connection, transaction, ct);
        await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
