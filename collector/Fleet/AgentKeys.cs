using Npgsql;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Fleet;

/// <summary>A certified key as the operator sees it.</summary>
/// <param name="Id">Key id, hexadecimal.</param>
/// <param name="Established">Its volunteer had been here for thirty days when it was certified.</param>
/// <param name="Note">Why its unit is set aside or doubted; otherwise empty.</param>
sealed record AgentKey(
    string Id, string Unit, string Group, Role Role, string Cc, long Asn, AsnSource AsnSource, DateOnly Issued, DateOnly Expires, DateOnly? LastDay,
    string Version, string List, long ListVersion, long Produced, long Dropped, long Waiting, string State,
    bool Established, string Note);

/// <summary>The keys in use, and what was taken from them.</summary>
sealed class AgentKeys(NpgsqlDataSource store, TimeProvider time)
{
    const int ShortestId = 4;
    const int HeardDays = 2;

    DateOnly Today => Day.ToDate(Day.Of(time.GetUtcNow()));

    public async Task<IReadOnlyList<AgentKey>> ListAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """
            select key_id, unit, "group", role, cc, asn, asn_source, issued, expires, last_day, agent_version, list, list_version, produced, dropped, waiting,
                case when exists (select 1 from revocation r where (r.kind = 'key' and r.subject = key_id) or (r.kind = 'unit' and r.subject = unit)) then 'revoked'
                     when exists (select 1 from revocation r where r.kind = 'quarantine' and r.subject = unit) then 'quarantined'
                     else 'active' end,
                coalesce(s.established, true),
                coalesce((select l.reason from quarantine_log l where l.unit = k.unit and l.what = 'set_aside'
                    and exists (select 1 from revocation r where r.kind = 'quarantine' and r.subject = k.unit) order by l.index desc limit 1), s.doubt, '')
            from agent_key k left join unit_standing s using (unit) order by cc, asn, unit, issued, key_id
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var keys = new List<AgentKey>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(new(
                Hex(reader, 0), Hex(reader, 1), Hex(reader, 2), (Role)reader.GetInt16(3), reader.GetString(4), reader.GetInt64(5), (AsnSource)reader.GetInt16(6),
                reader.GetFieldValue<DateOnly>(7), reader.GetFieldValue<DateOnly>(8), await reader.IsDBNullAsync(9, ct) ? null : reader.GetFieldValue<DateOnly>(9),
                reader.GetString(10), reader.GetString(11), reader.GetInt64(12), reader.GetInt64(13), reader.GetInt64(14), reader.GetInt64(15), reader.GetString(16),
                reader.GetBoolean(17), reader.GetString(18)));
        }
        return keys;
    }

    /// <summary>Revokes a key, or a unit with all its keys, by its id or a beginning of it.</summary>
    /// <returns>How many keys it concerns; 0 when nothing or more than one begins so.</returns>
    public async Task<int> RevokeAsync(string id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } found)
            return 0;
        var (kind, subject) = found.IsUnit ? ("unit", found.Key.Unit) : ("key", found.Key.Id);
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await TakeAwayAsync(connection, transaction, kind, subject, found.Key, ct);
        await transaction.CommitAsync(ct);
        return found.IsUnit ? found.KeysOfUnit : 1;
    }

    /// <summary>Sets a unit aside: what it sends is stored and counts in no cell, neither from now on nor before.</summary>
    /// <param name="reason">Kept for ever, with the day.</param>
    /// <inheritdoc cref="RevokeAsync"/>
    public async Task<int> QuarantineAsync(string id, string reason, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } found)
            return 0;
        await SetAsideAsync(Convert.FromHexString(found.Key.Unit), reason, ct);
        return found.KeysOfUnit;
    }

    /// <inheritdoc cref="QuarantineAsync"/>
    /// <param name="unit">Its keys may have expired.</param>
    public async Task SetAsideAsync(byte[] unit, string reason, CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var insert = new NpgsqlCommand("insert into revocation (kind, subject, day) values ('quarantine', $1, $2) on conflict do nothing", connection, transaction))
        {
            insert.Parameters.Add(new() { Value = unit });
            insert.Parameters.Add(new() { Value = Today });
            await insert.ExecuteNonQueryAsync(ct);
        }
        await FleetRevision.BumpAsync(connection, transaction, ct);
        await MarkDaysAsync(connection, transaction, unit, ct);
        await LogAsync(connection, transaction, unit, "set_aside", reason, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Ends a quarantine: everything that the unit sent counts again.</summary>
    /// <param name="id">Of a key in use, or of the unit though its keys have expired.</param>
    /// <param name="reason">Kept for ever, with the day.</param>
    /// <returns>False when no unit that is set aside, or more than one, begins so.</returns>
    public async Task<bool> LiftAsync(string id, string reason, CancellationToken ct)
    {
        if (id.Length < ShortestId)
            return false;
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var delete = new NpgsqlCommand(
            """
            delete from revocation r where r.kind = 'quarantine' and (starts_with(encode(r.subject, 'hex'), $1)
                or exists (select 1 from agent_key k where k.unit = r.subject and starts_with(encode(k.key_id, 'hex'), $1)))
            returning subject
            """, connection, transaction);
        delete.Parameters.Add(new() { Value = id.ToLowerInvariant() });
        var lifted = new List<byte[]>();
        await using (var reader = await delete.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                lifted.Add(reader.GetFieldValue<byte[]>(0));
        if (lifted is not [var unit])
            return false;
        await MarkDaysAsync(connection, transaction, unit, ct);
        await LogAsync(connection, transaction, unit, "brought_back", reason, ct);
        await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    // Its id, or a beginning that fits no other key and no other unit.
    async Task<(AgentKey Key, bool IsUnit, int KeysOfUnit)?> FindAsync(string id, CancellationToken ct)
    {
        var wanted = id.ToLowerInvariant();
        var keys = await ListAsync(ct);
        var byKey = keys.Where(key => key.Id.StartsWith(wanted, StringComparison.Ordinal)).ToList();
        var byUnit = keys.Where(key => key.Unit.StartsWith(wanted, StringComparison.Ordinal)).ToList();
        if (wanted.Length < ShortestId || byKey.Count + byUnit.Select(key => key.Unit).Distinct().Count() != 1)
            return null;
        var one = byKey.Concat(byUnit).First();
        return (one, byKey.Count == 0, keys.Count(key => key.Unit == one.Unit));
    }

    async Task TakeAwayAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string kind, string subject, AgentKey one, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            insert into revocation (kind, subject, asn, epoch, day)
            select $1, $2, $3, (select max(epoch) from agent_key where unit = $4), $5 on conflict do nothing
            """, connection, transaction);
        foreach (var value in new object[] { kind, Convert.FromHexString(subject), one.Asn, Convert.FromHexString(one.Unit), Today })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
        await FleetRevision.BumpAsync(connection, transaction, ct);
    }

    async Task LogAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, byte[] unit, string what, string reason, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand("insert into quarantine_log (unit, day, what, reason) values ($1, $2, $3, $4)", connection, transaction);
        foreach (var value in new object[] { unit, Today, what, reason })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
    }

    // Every day the unit measured on is computed again, without it or with it.
    static async Task MarkDaysAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, byte[] unit, CancellationToken ct)
    {
        await using var mark = new NpgsqlCommand(
            """
            insert into dirty (cc, target, day, marked)
            select d.cc, d.target, d.day, nextval('dirty_mark')
            from (
                select distinct case when role = 2 then '*' else cc end as cc, target, (time at time zone 'UTC')::date as day
                from measurement_all where unit = $1 order by 1, 2, 3
            ) d
            on conflict (cc, target, day) do update set marked = excluded.marked
            """, connection, transaction);
        mark.Parameters.Add(new() { Value = unit });
        await mark.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// True when the volunteer behind a credential was revoked under any of its units. What is found is remembered by the
    /// redemption's hash, so that the next epoch knows it too.
    /// </summary>
    internal async Task<bool> IsRevokedAsync(Credential credential, EpochSecret secret, CancellationToken ct)
    {
        var redemption = System.Security.Cryptography.SHA256.HashData(credential.Redemption.Span);
        await using var command = store.CreateCommand("select kind, subject, asn, epoch from revocation where kind = 'unit' or (kind = 'redemption' and subject = $1)");
        command.Parameters.Add(new() { Value = redemption });
        var revoked = false;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (!revoked && await reader.ReadAsync(ct))
            {
                var subject = reader.GetFieldValue<byte[]>(1);
                revoked = reader.GetString(0) == "redemption" || credential.Units.Any(unit => unit.Span.SequenceEqual(subject))
                    || (reader.GetInt32(3) == secret.Epoch && secret.Unit(credential.Redemption.Span, (uint)reader.GetInt64(2)).AsSpan().SequenceEqual(subject));
            }
        }
        if (!revoked)
            return false;
        await using var remember = store.CreateCommand("insert into revocation (kind, subject, day) values ('redemption', $1, $2) on conflict do nothing");
        remember.Parameters.Add(new() { Value = redemption });
        remember.Parameters.Add(new() { Value = Today });
        await remember.ExecuteNonQueryAsync(ct);
        return true;
    }

    internal static async Task AddAsync(KeyCertificate certificate, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            insert into agent_key (key_id, unit, "group", role, cc, asn, asn_source, epoch, issued, expires) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (key_id) do update set unit = excluded.unit, "group" = excluded."group", role = excluded.role, cc = excluded.cc, asn = excluded.asn,
                asn_source = excluded.asn_source, epoch = excluded.epoch, issued = excluded.issued, expires = excluded.expires
            """, connection, transaction);
        var values = new object[]
        {
            KeyId.Of(certificate.PublicKey.Span), certificate.Unit.ToByteArray(), certificate.Group.ToByteArray(), (short)certificate.Role, certificate.Cc,
            (long)certificate.Asn, (short)certificate.AsnSource, (int)certificate.Epoch, Day.ToDate(certificate.IssuedDay), Day.ToDate(certificate.ExpiresDay),
        };
        foreach (var value in values)
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Of a unit only whether its volunteer is new: a day would join it to the volunteer's other units.</summary>
    internal static async Task NoteStandingAsync(
        KeyCertificate certificate, bool established, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            "insert into unit_standing (unit, epoch, established) values ($1, $2, $3) on conflict (unit) do update set established = excluded.established", connection, transaction);
        foreach (var value in new object[] { certificate.Unit.ToByteArray(), (int)certificate.Epoch, established })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
    }

    internal async Task DeleteExpiredAsync(CancellationToken ct)
    {
        await using var delete = store.CreateCommand("delete from agent_key where expires <= $1");
        delete.Parameters.Add(new() { Value = Today });
        await delete.ExecuteNonQueryAsync(ct);
        // When somebody was last heard of is of use while a release spreads, and a trail afterwards.
        await using var forget = store.CreateCommand("update agent_key set heard = null where heard < $1");
        forget.Parameters.Add(new() { Value = time.GetUtcNow() - TimeSpan.FromDays(HeardDays) });
        await forget.ExecuteNonQueryAsync(ct);
    }

    static string Hex(NpgsqlDataReader reader, int column) => Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column));
}
