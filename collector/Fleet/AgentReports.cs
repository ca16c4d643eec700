using System.Collections.Concurrent;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Fleet;

/// <summary>Notes reports in memory; they reach the store once a second, all at once.</summary>
sealed class AgentReports(NpgsqlDataSource store, TimeProvider time)
{
    const string Update =
        """
        update agent_key k set
            last_day = $1, heard = u.heard, standing = u.standing, agent_version = u.agent_version,
            produced = u.produced, dropped = u.dropped, waiting = u.waiting,
            refused_list = u.refused_list, refused_version = u.refused_version, refusal = u.refusal,
            before_runs = case when k.list = u.list and k.list_version = u.list_version then k.before_runs else k.runs end,
            before_run_ms = case when k.list = u.list and k.list_version = u.list_version then k.before_run_ms else k.run_ms end,
            before_bytes = case when k.list = u.list and k.list_version = u.list_version then k.before_bytes else k.run_bytes end,
            list = u.list, list_version = u.list_version,
            runs = u.runs, run_ms = u.run_ms, run_bytes = u.run_bytes, common_runs = u.common_runs, common_failed = u.common_failed
        from unnest($2::bytea[], $3::timestamptz[], $4::boolean[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
            $11::text[], $12::bigint[], $13::text[], $14::int[], $15::bigint[], $16::bigint[], $17::int[], $18::int[])
            as u(key_id, heard, standing, agent_version, list, list_version, produced, dropped, waiting,
                refused_list, refused_version, refusal, runs, run_ms, run_bytes, common_runs, common_failed)
        where k.key_id = u.key_id
        """;

    readonly ConcurrentDictionary<ByteString, AgentReport> _reports = new();

    public void Note(ByteString keyId, AgentReport report) => _reports[keyId] = report;

    public async Task FlushAsync(CancellationToken ct)
    {
        var taken = _reports.ToArray();
        if (taken.Length == 0)
            return;
        var now = time.GetUtcNow();
        await using var update = store.CreateCommand(Update);
        update.Parameters.Add(new() { Value = Day.ToDate(Day.Of(now)) });
        Add(one => one.Key.ToByteArray());
        Add(one => Floor(now, one.Value.Standing));
        Add(one => one.Value.Standing);
        Add(one => one.Value.Version);
        Add(one => one.Value.List);
        Add(one => (long)one.Value.ListVersion);
        Add(one => (long)one.Value.Produced);
        Add(one => (long)one.Value.Dropped);
        Add(one => (long)one.Value.Waiting);
        Add(one => one.Value.Refused.List);
        Add(one => (long)one.Value.Refused.Version);
        Add(one => one.Value.Refused.Reason);
        Add(one => (int)one.Value.Runs.Runs);
        Add(one => (long)one.Value.Runs.Milliseconds);
        Add(one => (long)one.Value.Runs.Bytes);
        Add(one => (int)one.Value.Runs.Common);
        Add(one => (int)one.Value.Runs.CommonFailed);
        await update.ExecuteNonQueryAsync(ct);
        foreach (var one in taken)
            _reports.TryRemove(one);

        void Add<T>(Func<KeyValuePair<ByteString, AgentReport>, T> value) => update.Parameters.Add(new() { Value = taken.Select(value).ToArray() });
    }

    // A brief contact's minute would tell on a provider's flow records whose it was.
    static DateTimeOffset Floor(DateTimeOffset now, bool standing)
    {
        var grain = standing ? TimeSpan.TicksPerMinute : TimeSpan.TicksPerHour;
        return new(now.UtcTicks / grain * grain, TimeSpan.Zero);
    }
}
