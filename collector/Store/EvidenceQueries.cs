using Npgsql;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store;

/// <summary>What is kept of one measurement's seal, and the long bytes that its facts name.</summary>
sealed class EvidenceQueries(NpgsqlDataSource store)
{
    public async Task<StoredSeal?> SealAsync(StoredMeasurement measurement, CancellationToken ct)
    {
        await using var place = store.Command(
            "select batch, leaf_index from measurement_all where time = $1 and uid = $2", measurement.Time, measurement.Uid);
        byte[] sealHash;
        int index;
        await using (var reader = await place.ExecuteReaderAsync(ct))
        {
            if (!await reader.ReadAsync(ct))
                return null;
            (sealHash, index) = (reader.GetFieldValue<byte[]>(0), reader.GetInt16(1));
        }
        var (link, first, last) = await LinkAsync(sealHash, ct);
        var leaves = link is null ? [] : await LeavesAsync(sealHash, first, last, ct);
        return new(sealHash, index, leaves, link, await LogAsync(sealHash, ct));
    }

    /// <summary>Certificates and other attachments by SHA-256; what retention deleted is absent.</summary>
    public async Task<IReadOnlyList<(byte[] Hash, byte[] Bytes)>> AttachmentsAsync(IEnumerable<byte[]> hashes, CancellationToken ct)
    {
        await using var command = store.Command("select hash, bytes from blob where hash = any($1)", [hashes.ToArray()]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<(byte[], byte[])>();
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)));
        return found;
    }

    async Task<(KeyLink? Link, DateTimeOffset First, DateTimeOffset Last)> LinkAsync(byte[] sealHash, CancellationToken ct)
    {
        await using var command = store.Command(
            "select seal, certificate, count, gap, fork, first_time, last_time from batch where seal_hash = $1", sealHash);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? (new(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2), reader.GetBoolean(3), reader.GetBoolean(4)),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6))
            : default;
    }

    async Task<Dictionary<int, byte[]>> LeavesAsync(byte[] sealHash, DateTimeOffset first, DateTimeOffset last, CancellationToken ct)
    {
        // Rows have no index on the batch; their times bound the search.
        await using var command = store.Command(
            "select leaf_index, details from measurement_all where time between $2 and $3 and batch = $1", sealHash, first, last);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var leaves = new Dictionary<int, byte[]>();
        while (await reader.ReadAsync(ct))
            leaves[reader.GetInt16(0)] = Leaf.Hash(SealedMeasurement.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1)));
        await reader.DisposeAsync();
        await using var stones = store.Command("select leaf_index, leaf from tombstone where batch = $1", sealHash);
        await using var withdrawn = await stones.ExecuteReaderAsync(ct);
        while (await withdrawn.ReadAsync(ct))
            leaves.TryAdd(withdrawn.GetInt16(0), withdrawn.GetFieldValue<byte[]>(1));
        return leaves;
    }

    async Task<LoggedLeaf?> LogAsync(byte[] sealHash, CancellationToken ct)
    {
        await using var command = store.Command("select index, day from log_leaf where seal_hash = $1", sealHash);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetInt64(0), reader.GetFieldValue<DateOnly>(1)) : null;
    }
}
