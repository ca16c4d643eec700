using Npgsql;

namespace ProbeNet.Collector.Rollout;

/// <param name="At">A whole minute.</param>
sealed record Adoption(DateTimeOffset At, string Cc, long Asn, int Applied, int Agents);

/// <summary>How many agents of each provider had a release by when.</summary>
sealed class AdoptionTable(NpgsqlDataSource store, TimeProvider time)
{
    /// <summary>Notes the minute; a provider whose figures are those of the last note gets none.</summary>
    public async Task NoteAsync(RolloutRow row, IReadOnlyCollection<AgentStanding> meant, CancellationToken ct)
    {
        var isps = meant.GroupBy(agent => (agent.Traits.Cc, agent.Traits.Asn)).ToList();
        await using var insert = store.CreateCommand(
            """
            insert into rollout_adoption (list, version, at, cc, asn, applied, agents)
            select $1, $2, $3, u.cc, u.asn, u.applied, u.agents
            from unnest($4::text[], $5::bigint[], $6::int[], $7::int[]) as u(cc, asn, applied, agents)
            left join lateral (
                select a.applied, a.agents from rollout_adoption a where a.list = $1 and a.version = $2 and a.cc = u.cc and a.asn = u.asn order by a.at desc limit 1
            ) last on true
            where (u.applied, u.agents) is distinct from (last.applied, last.agents)
            on conflict (list, version, at, cc, asn) do update set applied = excluded.applied, agents = excluded.agents
            """);
        var minute = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute;
        var values = new object[]
        {
            row.List, (long)row.Version, new DateTimeOffset(minute, TimeSpan.Zero), isps.Select(isp => isp.Key.Cc).ToArray(), isps.Select(isp => (long)isp.Key.Asn).ToArray(),
            isps.Select(isp => isp.Count(agent => agent.Has(row.List, row.Version))).ToArray(), isps.Select(isp => isp.Count()).ToArray(),
        };
        foreach (var value in values)
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<Adoption>> ReadAsync(string list, ulong version, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select at, cc, asn, applied, agents from rollout_adoption where list = $1 and version = $2 order by at, cc, asn");
        command.Parameters.Add(new() { Value = list });
        command.Parameters.Add(new() { Value = (long)version });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<Adoption>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetInt32(4)));
        return rows;
    }
}
