using Npgsql;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>What a network's controls did for one host on one day.</summary>
/// <param name="Reached">Measurements that got the page.</param>
/// <param name="Discarded">Those whose references failed: they are no control.</param>
sealed record ControlNetworkDay(string Network, int Measurements, int Reached, int Discarded);

/// <summary>A network's controls on one day, all hosts together.</summary>
/// <param name="Dissents">Hosts that they never reached while most others did, or reached while no other of several did.</param>
sealed record ControlHealth(DateOnly Day, string Network, int Hosts, long Measurements, long Reached, long Discarded, int Dissents)
{
    const double Tolerated = 0.1;

    /// <summary>What it says is, as a rule, what others say.</summary>
    public bool IsHealthy => Discarded <= Measurements * Tolerated && Dissents <= Hosts * Tolerated;
}

/// <summary>What controls did, day by day.</summary>
sealed class ControlDays(NpgsqlDataSource source)
{
    public static async Task ReplaceAsync(NpgsqlConnection connection, string host, DateOnly day, IEnumerable<ControlNetworkDay> networks, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("delete from control_network where host = $1 and day = $2", host, day);
        foreach (var (network, measurements, reached, discarded) in networks)
            batch.Add("insert into control_network (host, day, network, measurements, reached, discarded) values ($1, $2, $3, $4, $5, $6)", host, day, network, measurements, reached, discarded);
        await batch.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<ControlDay>> OfAsync(string host, CellWindow window, CancellationToken ct)
    {
        await using var command = source.Command(
            "select day, count(*)::int, sum(measurements)::int, sum(reached)::int from control_network where host = $1 and day >= $2 and day < $3 group by day order by day",
            host, window.Since, window.Until);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var days = new List<ControlDay>();
        while (await reader.ReadAsync(ct))
            days.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3)));
        return days;
    }

    /// <summary>Of [since, until), by day and network.</summary>
    public async Task<IReadOnlyList<ControlHealth>> HealthAsync(DateOnly since, DateOnly until, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select day, network, count(*)::int, sum(measurements)::bigint, sum(reached)::bigint, sum(discarded)::bigint,
                (count(*) filter (where measurements > discarded
                    and ((reached = 0 and reaching * 2 > networks - 1) or (reached > 0 and reaching = 1 and networks > 2))))::int
            from (
                select day, network, measurements, reached, discarded,
                    count(*) filter (where measurements > discarded) over on_host as networks, count(*) filter (where reached > 0) over on_host as reaching
                from control_network where day >= $1 and day < $2 window on_host as (partition by day, host)) c
            group by day, network order by day, network
            """, since, until);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var days = new List<ControlHealth>();
        while (await reader.ReadAsync(ct))
            days.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt32(6)));
        return days;
    }
}
