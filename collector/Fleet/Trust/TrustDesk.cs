using Google.Protobuf;
using Npgsql;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Trust;

/// <summary>Publishes roots and stops. What agents would refuse is refused here, with words.</summary>
sealed class TrustDesk(NpgsqlDataSource store, TrustTable table, Lists.ListKeys listKeys, TimeProvider time)
{
    /// <summary>How long one word stops anybody; agents count no further.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromDays(30);

    /// <returns>Null when it is in force now; otherwise why not.</returns>
    public async Task<string?> PublishRootAsync(Endorsed endorsed, CancellationToken ct)
    {
        var known = (await listKeys.ListAsync(ct)).Select(ByteString.CopyFrom).ToList();
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await LockAsync(connection, transaction, ct);
        var before = await TrustTable.ReadAsync(connection, transaction, ct);
        if (RootDraft.Missing(endorsed, before?.Root, known) is { } missing)
            return missing;
        await table.AddRootAsync(endorsed, Root.Parser.ParseFrom(endorsed.Statement).Version, connection, transaction, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Says the next stop.</summary>
    /// <param name="scope">Whom; nobody lifts the one before it. Number and signature are added.</param>
    public async Task<Stop> StopAsync(Stop scope, SigningKey online, CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await LockAsync(connection, transaction, ct);
        var before = (await TrustTable.ReadAsync(connection, transaction, ct))?.Stop;
        var stop = scope.Clone();
        stop.Number = (before is null ? 0 : Stop.Parser.ParseFrom(before.Statement).Number) + 1;
        if (stop.Expires == 0)
            stop.Expires = (time.GetUtcNow() + LongestStop).ToUnixTimeSeconds();
        await table.AddStopAsync(Endorsements.Endorse(SigningContext.Stop, stop, online), stop.Number, connection, transaction, ct);
        await transaction.CommitAsync(ct);
        return stop;
    }

    // Two at once would take the same number.
    static async System.Threading.Tasks.Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var queue = new NpgsqlCommand("lock table trust_statement in exclusive mode", connection, transaction);
        await queue.ExecuteNonQueryAsync(ct);
    }
}
