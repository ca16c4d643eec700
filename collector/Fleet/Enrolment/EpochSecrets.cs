using System.Security.Cryptography;
using Npgsql;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Fleet.Enrolment;

/// <summary>The secrets that turn redemptions into units. One an epoch, destroyed with it.</summary>
sealed class EpochSecrets(NpgsqlDataSource store, TimeProvider time)
{
    public uint Current => Day.EpochOf(Day.Of(time.GetUtcNow()));

    /// <summary>The secret of the epoch that is running, made on first use.</summary>
    public async Task<EpochSecret> GetAsync(CancellationToken ct)
    {
        var epoch = Current;
        await using var command = store.CreateCommand(
            """
            with made as (insert into epoch_secret (epoch, secret) values ($1, $2) on conflict do nothing returning secret)
            select secret from made union all select secret from epoch_secret where epoch = $1 limit 1
            """);
        command.Parameters.Add(new() { Value = (int)epoch });
        command.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(32) });
        // Two processes at the same instant: the loser's statement does not see the winner's row yet.
        var secret = await command.ExecuteScalarAsync(ct) ?? await command.ExecuteScalarAsync(ct);
        return new(epoch, (byte[])secret!);
    }

    public async Task DestroyPastAsync(CancellationToken ct)
    {
        await using var delete = store.CreateCommand("delete from epoch_secret where epoch < $1");
        delete.Parameters.Add(new() { Value = (int)Current });
        if (await delete.ExecuteNonQueryAsync(ct) == 0)
            return;
        // A deleted row stays in its page until the table is rewritten.
        await using var rewrite = store.CreateCommand("vacuum full epoch_secret");
        await rewrite.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Replaces the running epoch's secret: units issued until now can no longer be traced, and volunteers count anew.</summary>
    public async Task RotateAsync(CancellationToken ct)
    {
        await using var replace = store.CreateCommand("update epoch_secret set secret = $2 where epoch = $1");
        replace.Parameters.Add(new() { Value = (int)Current });
        replace.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(32) });
        await replace.ExecuteNonQueryAsync(ct);
        await using var rewrite = store.CreateCommand("vacuum full epoch_secret");
        await rewrite.ExecuteNonQueryAsync(ct);
    }
}
