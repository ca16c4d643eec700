using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>
/// Keys of the REST interface: 32 random bytes, written as base64url, kept as their SHA-256. A key is random in full,
/// so a plain hash cannot be searched.
/// </summary>
sealed class ApiKeys(NpgsqlDataSource store, TimeProvider time)
{
    const int Size = 32;
    const int LongestName = 100;

    /// <returns>The key's text, which is nowhere else.</returns>
    public async Task<(string Text, ApiKey Key)> CreateAsync(ApiRole role, string name, CancellationToken ct)
    {
        var bytes = RandomNumberGenerator.GetBytes(Size);
        var hash = SHA256.HashData(bytes);
        var key = new ApiKey(Convert.ToHexStringLower(hash)[..8], role, name, Today, null);
        await using var command = store.Command(
            "insert into api_key (id, hash, role, name, created) values ($1, $2, $3, $4, $5)", key.Id, hash, role.Word(), name, key.Created);
        await command.ExecuteNonQueryAsync(ct);
        return (Base64Url.EncodeToString(bytes), key);
    }

    /// <summary>
    /// What stands for somebody who signed in elsewhere: a key that no text opens, so that the access log, lists and revoking know such people as they know keys.
    /// The role is that of the latest sign-in.
    /// </summary>
    /// <param name="issuer">Who knows the person.</param>
    /// <param name="subject">As whom.</param>
    /// <param name="name">For lists.</param>
    /// <returns>Null when it was revoked.</returns>
    public async Task<ApiKey?> OfPersonAsync(string issuer, string subject, ApiRole role, string name, CancellationToken ct)
    {
        // Longer than a key, so that no key's bytes can be these.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"somebody who signs in at another place\n{issuer}\n{subject}"));
        await using var command = store.Command(
            """
            insert into api_key as k (id, hash, role, name, created) values ($1, $2, $3, $4, $5)
            on conflict (hash) do update set role = excluded.role, name = excluded.name where k.revoked is null
            returning id, role, name, created, revoked
            """, Convert.ToHexStringLower(hash)[..8], hash, role.Word(), name.Length > LongestName ? name[..LongestName] : name, Today);
        return await ReadAsync(command, ct).FirstOrDefaultAsync(ct);
    }

    /// <summary>Does not throw on hostile text.</summary>
    /// <returns>Null when no key in force has this text.</returns>
    public async Task<ApiKey?> FindAsync(string text, CancellationToken ct)
    {
        if (Hash(text) is not { } hash)
            return null;
        await using var command = store.Command(
            "select id, role, name, created, revoked from api_key where hash = $1 and revoked is null", hash);
        return await ReadAsync(command, ct).FirstOrDefaultAsync(ct);
    }

    public async Task<bool> IsInForceAsync(string id, CancellationToken ct)
    {
        await using var command = store.Command("select exists (select from api_key where id = $1 and revoked is null)", id);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand("select id, role, name, created, revoked from api_key order by created, id");
        return await ReadAsync(command, ct).ToListAsync(ct);
    }

    /// <summary>Ends the key and everything signed in with it.</summary>
    /// <returns>False when no key in force has this id.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken ct)
    {
        await using var command = store.Command("""
            with ended as (update api_key set revoked = $2 where id = $1 and revoked is null returning id),
                 signed_out as (delete from sign_in where key_id = $1)
            select count(*) from ended
            """, id, Today);
        return (long)(await command.ExecuteScalarAsync(ct))! > 0;
    }

    DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    internal static async IAsyncEnumerable<ApiKey> ReadAsync(
        NpgsqlCommand command, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new(reader.GetString(0),
                ApiRoles.TryParse(reader.GetString(1), out var role) ? role : throw new InvalidDataException("api_key.role"),
                reader.GetString(2), reader.GetFieldValue<DateOnly>(3), await reader.IsDBNullAsync(4, ct) ? null : reader.GetFieldValue<DateOnly>(4));
    }

    static byte[]? Hash(string text) =>
        text.Length <= 64 && Base64Url.IsValid(text, out var length) && length == Size ? SHA256.HashData(Base64Url.DecodeFromChars(text)) : null;
}
