using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>Which measurements a named person made public, and why.</summary>
sealed class RowPublications(NpgsqlDataSource store, MeasurementQueries rows, TimeProvider time)
{
    /// <returns>False when there is no such measurement.</returns>
    public async Task<bool> AddAsync(Guid uid, string who, string reason, CancellationToken ct)
    {
        if (await rows.FindAsync(uid, ct) is not { } found)
            return false;
        await using var command = store.Command(
            "insert into row_publication (uid, time, day, who, reason) values ($1, $2, $3, $4, $5) on conflict (uid) do nothing",
            uid, found.Row.Time, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), who, reason);
        await command.ExecuteNonQueryAsync(ct);
        return true;
    }

    /// <summary>Those of before the day that are still here, oldest first: what its volunteer withdrew is not public either.</summary>
    public async Task<IReadOnlyList<ListedMeasurement>> RowsAsync(DateOnly before, CancellationToken ct)
    {
        await using var command = store.Command(
            "select uid from row_publication where time < $1 order by time, uid", before.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var uids = new List<Guid>();
        while (await reader.ReadAsync(ct))
            uids.Add(reader.GetGuid(0));
        await reader.DisposeAsync();
        var found = new List<ListedMeasurement>();
        foreach (var uid in uids)
            if (await rows.FindAsync(uid, ct) is { } row)
                found.Add(row);
        return found;
    }
}
