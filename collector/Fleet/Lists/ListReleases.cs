using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Signs and keeps the versions of lists, and declares which are valid. A version only rises.</summary>
sealed class ListReleases(NpgsqlDataSource store, CollectorKeyStore keys, TrustTable trust, ListAudit audit, TimeProvider time)
{
    // A list nobody renews stops being measured: its operator may be gone.
    const uint DaysInForce = 180;

    uint Today => Day.Of(time.GetUtcNow());

    /// <summary>Releases a draft as the list's next version; where the releases role asks for more keys, the same draft is released by each of them.</summary>
    /// <param name="key">Of the releases role.</param>
    /// <exception cref="ReleaseFailure">It cannot be made.</exception>
    public async Task<ReleaseOutcome> ReleaseAsync(ListDraft draft, ReleaseTerms terms, SigningKey key, CancellationToken ct)
    {
        var own = await keys.EnsureAsync(ct);
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two releases at once would take the same number.
        await using (var queue = new NpgsqlCommand("lock table list_release, trust_statement in exclusive mode", connection, transaction))
            await queue.ExecuteNonQueryAsync(ct);
        var known = await TrustTable.ReadAsync(connection, transaction, ct)
            ?? throw new ReleaseFailure("There is no root that says whose signature counts: make one with `list root`.");
        if (!known.Root.Releases.PublicKeys.Contains(key.PublicKey.Bytes))
            throw new ReleaseFailure("This key may not release lists: the root names others (`list root show`).");
        if (!known.Root.Online.PublicKeys.Contains(own.Online.PublicKey.Bytes))
            throw new ReleaseFailure("The collector's online key is not the root's: name it in the next root (`list root propose`).");

        var outcome = await WaitingAsync(draft.List.Name, connection, transaction, ct) is { } waiting
            ? await SignAsync(draft, waiting, known, key, connection, transaction, ct)
            : await AddAsync(draft, terms, known, key, connection, transaction, ct);
        await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
        return outcome;
    }

    /// <param name="version">0: the newest.</param>
    /// <returns>Null when there is no such release.</returns>
    public async Task<ListDraft?> FindAsync(string name, ulong version, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select signed, origins from list_release where list = $1 and ($2 = 0 or version = $2) order by version desc limit 1");
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = (long)version });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(ListContent.Open(SignedTestList.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0))), EntryOrigins.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1)))
            : null;
    }

    async Task<ReleaseOutcome> AddAsync(
        ListDraft draft, ReleaseTerms terms, FleetTrust known, SigningKey key, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        var list = draft.List.Clone();
        (list.Target, list.ReleasedDay, list.ExpiresDay) = (terms.Target, Today, Today + DaysInForce);
        list.Version = await LastAsync(list.Name, connection, transaction, ct) + 1;
        var signed = ListContent.Sign(list, key);
        await InsertAsync(list, signed, draft.Origins, connection, transaction, ct);
        await InsertEntriesAsync(list, connection, ct);
        var endorsed = Endorsements.Endorse(SigningContext.Releases, await NextAsync(known, list, signed, terms.Reverts, connection, transaction, ct), key);
        var first = !await HasCompleteAsync(list.Name, connection, transaction, ct);
        await using (var insert = new NpgsqlCommand(
            """
            insert into rollout (list, version, state, stage, stage_since, emergency, reverts, groups, agents, cohort_from, cohort_to, pending)
            values ($1, $2, 'waiting', $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """, connection, transaction))
        {
            // Where nothing is in force there is nothing to compare with, and nobody to spare.
            var stage = (short)(terms.Emergency || first ? Rollout.Stages.Stage.All : Rollout.Stages.Stage.Own);
            var values = new object[]
            {
                list.Name, (long)list.Version, stage, time.GetUtcNow(), terms.Emergency, (long)terms.Reverts, terms.Groups.ToArray(), terms.Agents,
                (short)terms.Cohort.From, (short)terms.Cohort.To, endorsed.ToByteArray(),
            };
            foreach (var value in values)
                insert.Parameters.Add(new() { Value = value });
            await insert.ExecuteNonQueryAsync(ct);
        }
        var how = terms.Reverts > 0 ? $"takes back version {terms.Reverts}" : terms.Emergency ? "to everybody at once" : "in stages";
        await audit.AppendAsync(Name(key), list.Name, list.Version, "release", $"{list.Entries.Count} entries, {how}", connection, transaction, ct);
        return await PublishAsync(list.Name, list.Version, endorsed, known, connection, transaction, ct);
    }

    // Another operator's word on what the first one signed: byte for byte, and only if it is what was imported.
    async Task<ReleaseOutcome> SignAsync(
        ListDraft draft, (ulong Version, Endorsed Endorsed, TestList List) waiting, FleetTrust known, SigningKey key, NpgsqlConnection connection,
        NpgsqlTransaction transaction, CancellationToken ct)
    {
        var (name, version) = (draft.List.Name, waiting.Version);
        if (!ListContent.SameEntries(draft.List, waiting.List))
            throw new ReleaseFailure($"Version {version} of {name} waits for another signature and is not what was imported since: `list halt {name}` takes it back.");
        if (Releases.Parser.ParseFrom(waiting.Endorsed.Statement).Version != known.Releases.Version + 1)
            throw new ReleaseFailure($"Something else was released since version {version} of {name} was signed: `list halt {name}`, then release it again.");
        waiting.Endorsed.Add(SigningContext.Releases, key);
        await audit.AppendAsync(Name(key), name, version, "approve", "", connection, transaction, ct);
        return await PublishAsync(name, version, waiting.Endorsed, known, connection, transaction, ct);
    }

    async Task<ReleaseOutcome> PublishAsync(
        string list, ulong version, Endorsed endorsed, FleetTrust known, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        var role = known.Root.Releases;
        var missing = (int)role.Threshold - role.SignersOf(SigningContext.Releases, endorsed).Count();
        await using var update = new NpgsqlCommand(
            missing > 0
                ? "update rollout set pending = $3 where list = $1 and version = $2"
                // Whatever was on its way to the same agents is overtaken.
                : """
                  with overtaken as (
                      update rollout r set state = 'superseded' from list_release l, list_release n
                      where r.list = $1 and r.version <> $2 and r.state in ('running', 'paused', 'halted', 'waiting')
                          and l.list = r.list and l.version = r.version and n.list = $1 and n.version = $2 and l.target_cc = n.target_cc and l.target_asn = n.target_asn)
                  update rollout set state = 'running', pending = null, stage_since = $4 where list = $1 and version = $2 and $3::bytea is not null
                  """, connection, transaction);
        update.Parameters.Add(new() { Value = list });
        update.Parameters.Add(new() { Value = (long)version });
        update.Parameters.Add(new() { Value = endorsed.ToByteArray() });
        if (missing <= 0)
            update.Parameters.Add(new() { Value = time.GetUtcNow() });
        await update.ExecuteNonQueryAsync(ct);
        if (missing <= 0)
            await trust.AddReleasesAsync(endorsed, Releases.Parser.ParseFrom(endorsed.Statement).Version, connection, transaction, ct);
        return new(version, Math.Max(missing, 0));
    }

    // Valid from now on: the new version, and of every list and target the one that has spread already. What is taken back is not.
    async Task<Releases> NextAsync(
        FleetTrust known, TestList list, SignedTestList signed, ulong reverts, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        var next = new Releases { Version = known.Releases.Version + 1, ExpiresDay = Today + DaysInForce };
        await using var command = new NpgsqlCommand(
            """
            select list, version, signed from (
                select l.list, l.version, l.signed, row_number() over (partition by l.list, l.target_cc, l.target_asn, r.state order by l.version desc) as age
                from list_release l join rollout r using (list, version)
                where (r.state = 'complete' or (r.list <> $1 and r.state in ('running', 'paused', 'halted'))) and not (l.list = $1 and l.version = $2) and l.expires > $3
            ) newest where age = 1 order by list, version
            """, connection, transaction);
        command.Parameters.Add(new() { Value = list.Name });
        command.Parameters.Add(new() { Value = (long)reverts });
        command.Parameters.Add(new() { Value = Day.ToDate(Today) });
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                next.Lists.Add(ListContent.Declare(reader.GetString(0), (ulong)reader.GetInt64(1), SignedTestList.Parser.ParseFrom(reader.GetFieldValue<byte[]>(2))));
        }
        next.Lists.Add(ListContent.Declare(list.Name, list.Version, signed));
        return next;
    }

    static async Task<(ulong Version, Endorsed Endorsed, TestList List)?> WaitingAsync(
        string list, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select version, pending, signed from rollout join list_release using (list, version) where list = $1 and state = 'waiting'", connection, transaction);
        command.Parameters.Add(new() { Value = list });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? ((ulong)reader.GetInt64(0), Endorsed.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1)), ListContent.Open(SignedTestList.Parser.ParseFrom(reader.GetFieldValue<byte[]>(2))))
            : null;
    }

    static async Task<ulong> LastAsync(string list, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var last = new NpgsqlCommand("select coalesce(max(version), 0) from list_release where list = $1", connection, transaction);
        last.Parameters.Add(new() { Value = list });
        return (ulong)(long)(await last.ExecuteScalarAsync(ct))!;
    }

    static async Task<bool> HasCompleteAsync(string list, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var any = new NpgsqlCommand("select exists (select 1 from rollout where list = $1 and state = 'complete')", connection, transaction);
        any.Parameters.Add(new() { Value = list });
        return (bool)(await any.ExecuteScalarAsync(ct))!;
    }

    static string Name(SigningKey key) => Convert.ToHexStringLower(key.PublicKey.Bytes.Span);

    static async System.Threading.Tasks.Task InsertAsync(
        TestList list, SignedTestList signed, EntryOrigins origins, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            "insert into list_release (list, version, signed, target_cc, target_asn, entries, released, expires, origins) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            connection, transaction);
        var values = new object[]
        {
            list.Name, (long)list.Version, signed.ToByteArray(), list.Target.Cc.ToArray(), list.Target.Asn.Select(asn => (long)asn).ToArray(), list.Entries.Count,
            Day.ToDate(list.ReleasedDay), Day.ToDate(list.ExpiresDay), origins.ToByteArray(),
        };
        foreach (var value in values)
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
    }

    static async System.Threading.Tasks.Task InsertEntriesAsync(TestList list, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy list_entry (list, version, position, input, target, category_code, priority, page) from stdin (format binary)", ct);
        for (var position = 0; position < list.Entries.Count; position++)
        {
            var entry = list.Entries[position];
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(list.Name, NpgsqlDbType.Text, ct);
            await copy.WriteAsync((long)list.Version, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(position, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(entry.Input, NpgsqlDbType.Text, ct);
            // The host name as rows have it: a page's rows find their list by its input.
            await copy.WriteAsync(ControlSights.HostOf(entry.Input), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(entry.CategoryCode, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(entry.Priority, NpgsqlDbType.Boolean, ct);
            await copy.WriteAsync(entry.Page, NpgsqlDbType.Boolean, ct);
        }
        await copy.CompleteAsync(ct);
    }
}
