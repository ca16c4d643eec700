using System.Security.Cryptography;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Store.Writing;

namespace ProbeNet.Collector.Store;

/// <summary>How a round of imports ended.</summary>
/// <param name="Parked">Those that still cannot be stored.</param>
sealed record ReimportOutcome(int Stored, int Parked);

/// <summary>What could not be stored, kept with its cause until a later version can.</summary>
static class ParkedBatches
{
    public static async Task AddAsync(NpgsqlDataSource store, ReadOnlyMemory<byte> bytes, string reason, DateOnly today, CancellationToken ct)
    {
        await using var command = store.CreateCommand(WriteStatements.Park);
        foreach (var value in new object[] { reason, today, SHA256.HashData(bytes.Span), bytes })
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Tries every parked batch once more; a batch leaves the table only when it is stored.</summary>
    public static async Task<ReimportOutcome> ReimportAsync(NpgsqlDataSource store, MeasurementWriter writer, CancellationToken ct)
    {
        var outcome = new ReimportOutcome(0, 0);
        for (var last = 0L; await NextAsync(store, last, ct) is var (id, bytes); last = id)
        {
            if (Read(bytes) is not { } batch || await writer.WriteAsync(batch, ct) == WriteOutcome.Parked)
            {
                outcome = outcome with { Parked = outcome.Parked + 1 };
                continue;
            }
            await using var delete = store.CreateCommand("delete from parked where id = $1");
            delete.Parameters.Add(new() { Value = id });
            await delete.ExecuteNonQueryAsync(ct);
            outcome = outcome with { Stored = outcome.Stored + 1 };
        }
        return outcome;
    }

    static CheckedBatch? Read(byte[] bytes)
    {
        try
        {
            return Queued.Parser.ParseFrom(bytes).Batch;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    static async Task<(long Id, byte[] Bytes)?> NextAsync(NpgsqlDataSource store, long after, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select id, bytes from parked where id > $1 order by id limit 1");
        command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }
}
