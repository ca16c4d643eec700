using System.Security.Cryptography;
using Npgsql;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Enrolment;

/// <param name="Uses">How many redemptions it allows.</param>
/// <param name="Expires">First day on which it is no longer taken.</param>
/// <param name="Group">Empty: each redemption is its own group.</param>
/// <param name="Cc">Where the table of networks says nothing.</param>
sealed record InviteTerms(Role Role, int Uses, DateOnly Expires, string Group, string Cc);

sealed record IssuedInvite(string Id, InviteTerms Terms, int Used, bool Revoked, DateOnly Created);

/// <summary>Invites. Of the secret only its hash is kept.</summary>
sealed class InviteDesk(NpgsqlDataSource store, TimeProvider time)
{
    DateOnly Today => Day.ToDate(Day.Of(time.GetUtcNow()));

    /// <returns>The secret, which exists nowhere else.</returns>
    public async Task<byte[]> CreateAsync(InviteTerms terms, CancellationToken ct)
    {
        var secret = RandomNumberGenerator.GetBytes(16);
        var hash = SHA256.HashData(secret);
        await using var insert = store.CreateCommand(
            """insert into invite (id, secret_hash, role, uses, expires, "group", cc, created) values ($1, $2, $3, $4, $5, $6, $7, $8)""");
        foreach (var value in new object[] { Convert.ToHexStringLower(hash[..4]), hash, (short)terms.Role, terms.Uses, terms.Expires, terms.Group, terms.Cc, Today })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
        return secret;
    }

    public async Task<IReadOnlyList<IssuedInvite>> ListAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """select id, role, uses, expires, "group", cc, used, revoked, created from invite order by created, id""");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var invites = new List<IssuedInvite>();
        while (await reader.ReadAsync(ct))
        {
            var terms = new InviteTerms((Role)reader.GetInt16(1), reader.GetInt32(2), reader.GetFieldValue<DateOnly>(3), reader.GetString(4), reader.GetString(5));
            invites.Add(new(reader.GetString(0), terms, reader.GetInt32(6), reader.GetBoolean(7), reader.GetFieldValue<DateOnly>(8)));
        }
        return invites;
    }

    /// <returns>False when there is no such invite.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken ct)
    {
        await using var update = store.CreateCommand("update invite set revoked = true where id = $1");
        update.Parameters.Add(new() { Value = id });
        return await update.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Counts one use, or says why not.</summary>
    /// <returns>The terms, or one of <see cref="Refusals"/>.</returns>
    internal async Task<(InviteTerms? Terms, string Refusal)> UseAsync(
        ReadOnlyMemory<byte> secret, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        var hash = SHA256.HashData(secret.Span);
        await using (var use = new NpgsqlCommand(
            """
            update invite set used = used + 1 where secret_hash = $1 and used < uses and expires > $2 and not revoked
            returning role, uses, expires, "group", cc
            """, connection, transaction))
        {
            use.Parameters.Add(new() { Value = hash });
            use.Parameters.Add(new() { Value = Today });
            await using var reader = await use.ExecuteReaderAsync(ct);
            if (await reader.ReadAsync(ct))
            {
                return (new((Role)reader.GetInt16(0), reader.GetInt32(1), reader.GetFieldValue<DateOnly>(2), reader.GetString(3), reader.GetString(4)), "");
            }
        }
        await using var why = new NpgsqlCommand("select revoked, expires <= $2 from invite where secret_hash = $1", connection, transaction);
        why.Parameters.Add(new() { Value = hash });
        why.Parameters.Add(new() { Value = Today });
        await using var found = await why.ExecuteReaderAsync(ct);
        if (!await found.ReadAsync(ct) || found.GetBoolean(0))
            return (null, Refusals.BadInvite);
        return (null, found.GetBoolean(1) ? Refusals.ExpiredInvite : Refusals.UsedInvite);
    }
}
