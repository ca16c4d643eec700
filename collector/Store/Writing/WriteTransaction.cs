using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Store.Writing;

/// <summary>A batch that cannot be stored, with why.</summary>
sealed record PoisonBatch(CheckedBatch Source, string Reason);

/// <summary>One commit: rows, blobs, chains, leaves, tombstones and parked batches, all or nothing.</summary>
/// <param name="KnownBlobs">Hashes that are certainly stored; those of this transaction are added after its commit.</param>
/// <param name="LateBefore">Rows older than this go to the table for late ones.</param>
/// <param name="LateFrom">So do rows of a time that has not come: no partition waits for them.</param>
sealed record WriteTransaction(NpgsqlDataSource Store, ConcurrentDictionary<ByteString, bool> KnownBlobs, DateOnly Today, DateTime LateBefore, DateTime LateFrom)
{
    /// <param name="someKnown">Single measurements may be stored already.</param>
    /// <returns>Measurements stored, and the batches that the log already had.</returns>
    /// <exception cref="NpgsqlException">Nothing is stored, or the connection broke while it was being committed.</exception>
    public async Task<(long Rows, HashSet<BatchRows> Repeated)> CommitAsync(
        IReadOnlyList<BatchRows> batches, IReadOnlyList<PoisonBatch> poison, bool someKnown, CancellationToken ct)
    {
        await using var connection = await Store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (fresh, repeated, withdrawals) = await SortOutAsync(connection, batches, ct);
        var rows = fresh.SelectMany(batch => batch.Rows.Select((row, index) => new PlacedRow(batch, index, row)))
            .Where(placed => !Withdrawn(withdrawals, placed.Batch, placed.Row)).ToLookup(placed => IsLate(placed.Row));
        var kept = someKnown ? await UnknownAsync(connection, rows[false], ct) : [.. rows[false]];
        var late = await UnknownAsync(connection, rows[true], ct);
        var tombstones = new Tombstones();
        foreach (var batch in fresh)
            foreach (var (index, row) in batch.Rows.Index().Where(row => Withdrawn(withdrawals, batch, row.Item)))
                tombstones.Add(row.Uid, batch.SealHash, (short)index, row.Details.Span);
        var blobs = fresh.SelectMany(batch => batch.Attachments).DistinctBy(blob => ByteString.CopyFrom(blob.Hash))
            .Where(blob => !KnownBlobs.ContainsKey(ByteString.CopyFrom(blob.Hash))).ToList();

        var stored = kept.Count == 0 ? 0 : await MeasurementCopy.AddAsync(connection, "measurement", kept, ct);
        if (late.Count > 0)
            stored += await MeasurementCopy.AddAsync(connection, "measurement_late", late, ct);
        await using var statements = new NpgsqlBatch(connection, transaction);
        if (tombstones.Count > 0)
            Add(statements, WriteStatements.Tombstones, tombstones.Parameters(Today));
        if (blobs.Count > 0)
            Add(statements, WriteStatements.Blobs, [blobs.Select(b => b.Hash).ToArray(), blobs.Select(b => b.Bytes).ToArray()]);
        foreach (var (source, reason) in poison)
        {
            var bytes = new Queued { Batch = source }.ToByteArray();
            Add(statements, WriteStatements.Park, [reason, Today, SHA256.HashData(bytes), bytes]);
        }
        if (fresh.Count > 0)
            AddLog(statements, fresh);
        if (statements.BatchCommands.Count > 0)
            await statements.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        foreach (var blob in blobs)
            KnownBlobs[ByteString.CopyFrom(blob.Hash)] = true;
        return (stored, repeated);
    }

    // Looking for a row before each one costs a sixth of the database's time. A batch is new here, so its rows are but for very few.
    static async Task<IReadOnlyList<PlacedRow>> UnknownAsync(NpgsqlConnection connection, IEnumerable<PlacedRow> rows, CancellationToken ct)
    {
        var unknown = rows.DistinctBy(Key).ToList();
        if (unknown.Count == 0)
            return unknown;
        await using var question = new NpgsqlCommand(WriteStatements.KnownRows, connection)
        {
            Parameters = { new() { Value = unknown.Select(placed => placed.Row.Time).ToArray() }, new() { Value = unknown.Select(placed => placed.Row.Uid).ToArray() } },
        };
        await using var reader = await question.ExecuteReaderAsync(ct);
        var known = new HashSet<(DateTime, Guid)>();
        while (await reader.ReadAsync(ct))
            known.Add((reader.GetDateTime(0), reader.GetGuid(1)));
        unknown.RemoveAll(placed => known.Contains(Key(placed)));
        return unknown;

        static (DateTime Time, Guid Uid) Key(PlacedRow placed) => (placed.Row.Time, placed.Row.Uid);
    }

    bool IsLate(MeasurementRow row) => row.Time < LateBefore || row.Time >= LateFrom;

    static bool Withdrawn(ILookup<ByteString, (DateOnly Since, long Through)> withdrawals, BatchRows batch, MeasurementRow row) =>
        withdrawals.Count > 0 && withdrawals[UnsafeByteOperations.UnsafeWrap(batch.KeyId)]
            .Any(w => (long)batch.Source.Sequence <= w.Through && DateOnly.FromDateTime(row.Time) >= w.Since);

    static async Task<(List<BatchRows> Fresh, HashSet<BatchRows> Repeated, ILookup<ByteString, (DateOnly, long)> Withdrawals)> SortOutAsync(
        NpgsqlConnection connection, IReadOnlyList<BatchRows> batches, CancellationToken ct)
    {
        await using var questions = new NpgsqlBatch(connection);
        Add(questions, WriteStatements.PlanWithoutValues, []);
        Add(questions, WriteStatements.ShareWithdrawals, []);
        Add(questions, WriteStatements.Known, [batches.Select(batch => batch.SealHash).ToArray()]);
        Add(questions, WriteStatements.Withdrawals, [batches.Select(batch => batch.KeyId).ToArray()]);
        await using var reader = await questions.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var known = new HashSet<ByteString>();
        while (await reader.ReadAsync(ct))
            known.Add(UnsafeByteOperations.UnsafeWrap(reader.GetFieldValue<byte[]>(0)));
        await reader.NextResultAsync(ct);
        var withdrawals = new List<(ByteString Key, DateOnly Since, long Through)>();
        while (await reader.ReadAsync(ct))
            withdrawals.Add((UnsafeByteOperations.UnsafeWrap(reader.GetFieldValue<byte[]>(0)), reader.GetFieldValue<DateOnly>(1), reader.GetInt64(2)));
        var repeated = new HashSet<BatchRows>(ReferenceEqualityComparer.Instance);
        // A batch can also stand twice in one transaction. Ordered by hash, so that two writers never wait in a circle.
        foreach (var batch in batches)
            if (!known.Add(UnsafeByteOperations.UnsafeWrap(batch.SealHash)))
                repeated.Add(batch);
        var fresh = batches.Where(batch => !repeated.Contains(batch)).OrderBy(batch => Convert.ToHexString(batch.SealHash), StringComparer.Ordinal).ToList();
        return (fresh, repeated, withdrawals.ToLookup(w => w.Key, w => (w.Since, w.Through)));
    }

    void AddLog(NpgsqlBatch statements, List<BatchRows> fresh)
    {
        var hashes = fresh.Select(b => b.SealHash).ToArray();
        var keys = fresh.Select(b => b.KeyId).ToArray();
        var sequences = fresh.Select(b => (long)b.Source.Sequence).ToArray();
        Add(statements, WriteStatements.TakeLog, []);
        Add(statements, WriteStatements.Batches,
        [
            hashes, fresh.Select(b => b.Seal).ToArray(), fresh.Select(b => b.Certificate).ToArray(), keys, sequences,
            fresh.Select(b => b.Source.Previous.ToByteArray()).ToArray(), fresh.Select(b => b.Rows.Count).ToArray(),
            fresh.Select(b => Day.ToDate(b.Source.ReceivedDay)).ToArray(),
            fresh.Select(b => b.Rows.Min(row => row.Time)).ToArray(), fresh.Select(b => b.Rows.Max(row => row.Time)).ToArray(),
        ]);
        Add(statements, WriteStatements.Chains, [keys, sequences]);
        Add(statements, WriteStatements.Heads,
            [keys, sequences, hashes, fresh.Select(b => Day.ToDate(b.Source.Certificate.ExpiresDay)).ToArray()]);
        Add(statements, WriteStatements.Leaves, [hashes, Today]);
    }

    static void Add(NpgsqlBatch statements, string sql, IReadOnlyList<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        statements.BatchCommands.Add(command);
    }
}
