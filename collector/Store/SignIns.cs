using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>Readers of the page who gave a key. They are known by a random token, so that the key itself is in no cookie.</summary>
sealed class SignIns(NpgsqlDataSource store, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <returns>The token, which is nowhere else.</returns>
    public async Task<string> BeginAsync(ApiKey key, CancellationToken ct)
    {
        var token = RandomNumberGenerator.GetBytes(32);
        var now = time.GetUtcNow();
        await using var command = store.Command("""
            with expired as (delete from sign_in where expires <= $3)
            insert into sign_in (hash, key_id, expires) values ($1, $2, $4)
            """, SHA256.HashData(token), key.Id, now, now + Lifetime);
        await command.ExecuteNonQueryAsync(ct);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Does not throw on a hostile token.</summary>
    public async Task<ApiKey?> FindAsync(string token, CancellationToken ct)
    {
        if (Hash(token) is not { } hash)
            return null;
        await using var command = store.Command("""
            select k.id, k.role, k.name, k.created, k.revoked
            from sign_in s join api_key k on k.id = s.key_id
            where s.hash = $1 and s.expires > $2 and k.revoked is null
            """, hash, time.GetUtcNow());
        return await ApiKeys.ReadAsync(command, ct).FirstOrDefaultAsync(ct);
    }

    public async Task EndAsync(string token, CancellationToken ct)
    {
        if (Hash(token) is not { } hash)
            return;
        await using var command = store.Command("delete from sign_in where hash = $1", hash);
        await command.ExecuteNonQueryAsync(ct);
    }

    static byte[]? Hash(string token) =>
        token.Length <= 64 && Base64Url.IsValid(token, out var length) && length == 32 ? SHA256.HashData(Base64Url.DecodeFromChars(token)) : null;
}
