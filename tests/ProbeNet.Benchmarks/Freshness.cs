using System.Diagnostics;
using Npgsql;

namespace ProbeNet.Benchmarks;

/// <summary>How long after its commit a batch is in its cells.</summary>
static class Freshness
{
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>Watches until all batches are in their cells.</summary>
    /// <returns>A line for the report.</returns>
    public static async Task<string> WatchAsync(NpgsqlDataSource store, int batches, CancellationToken ct)
    {
        var stored = new long[batches];
        var lags = new List<double>(batches);
        long logged = 0, taken = 0;
        await using var command = store.CreateCommand("select coalesce((select max(index) from log_leaf), -1), index from analysis_position");
        using var timer = new PeriodicTimer(Glance);
        while (taken < batches)
        {
            await timer.WaitForNextTickAsync(ct);
            long last, position;
            await using (var reader = await command.ExecuteReaderAsync(ct))
            {
                await reader.ReadAsync(ct);
                (last, position) = (reader.GetInt64(0), reader.GetInt64(1));
            }
            var now = Stopwatch.GetTimestamp();
            for (; logged <= last; logged++)
                stored[logged] = now;
            for (; taken <= position; taken++)
                lags.Add(Stopwatch.GetElapsedTime(stored[taken], now).TotalSeconds);
        }
        lags.Sort();
        return $"in its cells after p50 {lags[lags.Count / 2]:0.00} s, p95 {lags[lags.Count * 95 / 100]:0.00} s, longest {lags[^1]:0.00} s, to {Glance.TotalMilliseconds:0} ms";
    }
}
