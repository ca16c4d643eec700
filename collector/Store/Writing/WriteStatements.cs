namespace ProbeNet.Collector.Store.Writing;

/// <summary>The writer's SQL. Every statement serves both editions.</summary>
static class WriteStatements
{
    // Writes share it and a withdrawal holds it alone: neither sees half of the other.
    internal const string ShareWithdrawals = "select pg_advisory_xact_lock_shared(7205759403792793603)";

    // Otherwise the planner copies megabytes of parameters into each plan, several times.
    internal const string PlanWithoutValues = "set local plan_cache_mode = force_generic_plan";

    internal const string Known = "select seal_hash from log_leaf where seal_hash = any($1)";

    internal const string Withdrawals = "select key_id, since_day, through_sequence from withdrawal where key_id = any($1)";

    internal const string Tombstones =
        """
        insert into tombstone (uid, day, batch, leaf_index, leaf)
        select s.uid, $2, s.batch, s.leaf_index, s.leaf
        from unnest($1::uuid[], $3::bytea[], $4::smallint[], $5::bytea[]) as s(uid, batch, leaf_index, leaf) on conflict do nothing
        """;

    internal const string Blobs =
        """
        insert into blob select b.hash, b.bytes from unnest($1::bytea[], $2::bytea[]) as b(hash, bytes)
        order by b.hash on conflict do nothing
        """;

    internal const string Park =
        "insert into parked (reason, day, hash, bytes) values ($1, $2, $3, $4) on conflict (hash) do update set reason = excluded.reason";

    // Held from the first leaf to the commit, so that the log has no holes and chains see their neighbours.
    internal const string TakeLog = "select pg_advisory_xact_lock(7205759403792793604)";

    internal const string Batches =
        """
        insert into batch (seal_hash, seal, certificate, key_id, sequence, previous, count, received, first_time, last_time)
        select * from unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bytea[], $7::integer[], $8::date[],
            $9::timestamptz[], $10::timestamptz[])
        on conflict do nothing
        """;

    // A batch may come before the one it follows: the flags of its successor are computed again with it.
    internal const string Chains =
        """
        update batch b set gap = f.gap, fork = f.fork
        from (
            select c.seal_hash,
                c.sequence > 1 and not c.predecessor as gap,
                (c.sequence = 1 and length(c.previous) > 0)
                or (c.predecessor and not c.continues)
                or exists (select 1 from batch o where o.key_id = c.key_id and o.sequence = c.sequence and o.seal_hash <> c.seal_hash) as fork
            from (
                select distinct x.seal_hash, x.key_id, x.sequence, x.previous,
                    exists (select 1 from batch p where p.key_id = x.key_id and p.sequence = x.sequence - 1)
                    or exists (select 1 from key_chain k where k.key_id = x.key_id and k.sequence = x.sequence - 1) as predecessor,
                    exists (select 1 from batch p where p.key_id = x.key_id and p.sequence = x.sequence - 1 and p.seal_hash = x.previous)
                    or exists (select 1 from key_chain k where k.key_id = x.key_id and k.sequence = x.sequence - 1 and k.seal_hash = x.previous) as continues
                from unnest($1::bytea[], $2::bigint[]) as n(key_id, sequence)
                join batch x on x.key_id = n.key_id and x.sequence in (n.sequence, n.sequence + 1)
            ) c
        ) f
        where b.seal_hash = f.seal_hash and (b.gap <> f.gap or b.fork <> f.fork)
        """;

    internal const string Heads =
        """
        insert into key_chain as k
        select distinct on (n.key_id) n.key_id, n.sequence, n.seal_hash, n.expires
        from unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::date[]) as n(key_id, sequence, seal_hash, expires)
        order by n.key_id, n.sequence desc
        on conflict (key_id) do update set sequence = excluded.sequence, seal_hash = excluded.seal_hash, expires = excluded.expires
        where excluded.sequence > k.sequence
        """;

    internal const string Leaves =
        """
        insert into log_leaf (index, seal_hash, day)
        select coalesce((select max(index) from log_leaf), -1) + row_number() over (order by n.position), n.seal_hash,
            greatest($2, coalesce((select day from log_leaf order by index desc limit 1), $2))
        from unnest($1::bytea[]) with ordinality as n(seal_hash, position)
        where not exists (select 1 from log_leaf l where l.seal_hash = n.seal_hash)
        """;

    // A measurement that was sealed twice, or that came in time once and late a second time.
    internal const string KnownRows =
        """
        select m.time, m.uid from measurement_all m
        join unnest($1::timestamptz[], $2::uuid[]) as r(time, uid) on m.time = r.time and m.uid = r.uid
        """;
}
