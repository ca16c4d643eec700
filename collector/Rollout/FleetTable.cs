using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Rollout;

/// <summary>All agents as a rollout sees them.</summary>
sealed class FleetTable(NpgsqlDataSource store)
{
    public async Task<IReadOnlyList<AgentStanding>> ReadAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """
            select key_id, role, cc, asn, "group", agent_version, list, list_version, refused_list, refused_version, refusal, heard, standing,
                runs, run_ms, run_bytes, common_runs, common_failed, before_runs, before_run_ms, before_bytes
            from agent_key k
            where not exists (select 1 from revocation r where (r.kind = 'key' and r.subject = k.key_id) or (r.kind = 'unit' and r.subject = k.unit))
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var agents = new List<AgentStanding>();
        while (await reader.ReadAsync(ct))
        {
            agents.Add(new(
                new(ByteString.CopyFrom(reader.GetFieldValue<byte[]>(0)), (Role)reader.GetInt16(1) == Role.Control, reader.GetString(2), (uint)reader.GetInt64(3),
                    ByteString.CopyFrom(reader.GetFieldValue<byte[]>(4)), reader.GetString(5)),
                reader.GetString(6), (ulong)reader.GetInt64(7), reader.GetString(8), (ulong)reader.GetInt64(9), reader.GetString(10),
                await reader.IsDBNullAsync(11, ct) ? null : reader.GetFieldValue<DateTimeOffset>(11), reader.GetBoolean(12),
                Means(reader.GetInt32(13), reader.GetInt64(14), reader.GetInt64(15), reader.GetInt32(16), reader.GetInt32(17)),
                Means(reader.GetInt32(18), reader.GetInt64(19), reader.GetInt64(20), 0, 0)));
        }
        return agents;
    }

    static RunMeans? Means(int runs, long milliseconds, long bytes, int common, int failed) =>
        runs == 0 ? null : new RunMeans(runs, (double)milliseconds / runs, (double)bytes / runs, common == 0 ? null : (double)failed / common);
}
