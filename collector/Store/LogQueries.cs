using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>The log of batches: leaves of a day, heads of days.</summary>
sealed class LogQueries(NpgsqlDataSource store)
{
    /// <summary>Heads of all days that are over, in order.</summary>
    public async Task<IReadOnlyList<DayHead>> HeadsAsync(CancellationToken ct)
    {
        await using var command = store.Command("select day, first_index, size, root from tree_head order by day");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var heads = new List<DayHead>();
        while (await reader.ReadAsync(ct))
            heads.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3)));
        return heads;
    }

    /// <summary>Hashes of the day's leaves, in the order of the log, and the index of the first; 0 where there is none.</summary>
    public async Task<(long First, byte[][] Leaves)> LeavesAsync(DateOnly day, CancellationToken ct)
    {
        await using var command = store.Command("select index, seal_hash from log_leaf where day = $1 order by index", day);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var first = 0L;
        var leaves = new List<byte[]>();
        while (await reader.ReadAsync(ct))
        {
            if (leaves.Count == 0)
                first = reader.GetInt64(0);
            leaves.Add(LogLeaf.Hash(reader.GetFieldValue<byte[]>(1), day));
        }
        return (first, [.. leaves]);
    }
}
