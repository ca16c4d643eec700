using Npgsql;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>What controls did, day by day.</summary>
sealed class ControlDays(NpgsqlDataSource source)
{
    public static async Task ReplaceAsync(NpgsqlConnection connection, string host, ControlDay day, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into control_day (host, day, networks, measurements, reached) values ($1, $2, $3, $4, $5)
            on conflict (host, day) do update set networks = $3, measurements = $4, reached = $5
            """, connection);
        foreach (var value in new object[] { host, day.Day, day.Networks, day.Measurements, day.Reached })
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<ControlDay>> OfAsync(string host, CellWindow window, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            "select day, networks, measurements, reached from control_day where host = $1 and day >= $2 and day < $3 order by day");
        foreach (var value in new object[] { host, window.Since, window.Until })
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var days = new List<ControlDay>();
        while (await reader.ReadAsync(ct))
            days.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3)));
        return days;
    }
}
