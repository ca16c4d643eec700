using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Fleet.Keys;

enum CollectorKeyKind
{
    Identity,
    Encryption,
    Credential,
    Path,
    Online,
}

/// <summary>The collector's keys at rest. Every process of a collector works with the same ones.</summary>
sealed class CollectorKeyStore(NpgsqlDataSource store, TimeProvider time)
{
    // Envelopes sealed to an older key arrive for 15 days after a spool's 14; then nobody needs to open them.
    const int EncryptionKeptDays = 45;

    const string Insert = "insert into collector_key (kind, id, secret, created) values ($1, $2, $3, $4) on conflict do nothing";

    /// <summary>Makes what is missing, then loads all.</summary>
    public async Task<CollectorKeys> EnsureAsync(CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        var existing = await ReadAsync(connection, ct);
        var missing = Enum.GetValues<CollectorKeyKind>().Where(kind => !existing.Any(key => key.Kind == kind && !key.Retired)).ToArray();
        foreach (var kind in missing)
        {
            await using var insert = InsertCommand(connection, null, kind);
            await insert.ExecuteNonQueryAsync(ct);
        }
        // Another process may have been faster: what it made counts.
        return Load(missing.Length == 0 ? existing : await ReadAsync(connection, ct));
    }

    /// <summary>Makes a new key of the kind; the former one is still understood.</summary>
    public async Task RotateAsync(CollectorKeyKind kind, CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var today = Day.ToDate(Day.Of(time.GetUtcNow()));
        await using (var retire = new NpgsqlCommand("update collector_key set retired = $2 where kind = $1 and retired is null", connection, transaction)
        {
            Parameters = { new() { Value = Name(kind) }, new() { Value = today } },
        })
            await retire.ExecuteNonQueryAsync(ct);
        await using (var insert = InsertCommand(connection, transaction, kind))
            await insert.ExecuteNonQueryAsync(ct);
        await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Destroys encryption keys that nothing on its way can still be sealed to.</summary>
    public async Task DestroyOldAsync(CancellationToken ct)
    {
        await using var delete = store.CreateCommand("delete from collector_key where kind = 'encryption' and retired < $1");
        delete.Parameters.Add(new() { Value = Day.ToDate(Day.Of(time.GetUtcNow()) - EncryptionKeptDays) });
        await delete.ExecuteNonQueryAsync(ct);
    }

    NpgsqlCommand InsertCommand(NpgsqlConnection connection, NpgsqlTransaction? transaction, CollectorKeyKind kind)
    {
        var secret = Create(kind);
        return new(Insert, connection, transaction)
        {
            Parameters =
            {
                new() { Value = Name(kind) },
                new() { Value = SHA256.HashData(secret)[..8] },
                new() { Value = secret },
                new() { Value = Day.ToDate(Day.Of(time.GetUtcNow())) },
            },
        };
    }

    static byte[] Create(CollectorKeyKind kind)
    {
        switch (kind)
        {
            case CollectorKeyKind.Identity or CollectorKeyKind.Online:
                using (var key = SigningKey.Create())
                    return key.Export();
            case CollectorKeyKind.Encryption:
                using (var key = DecryptionKey.Create())
                    return key.Export();
            case CollectorKeyKind.Credential:
                return CredentialKey.CreateSecret();
            case CollectorKeyKind.Path:
                return Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18)));
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    static async Task<List<Row>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select kind, secret, retired is not null from collector_key order by kind, retired desc nulls first", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<Row>();
        while (await reader.ReadAsync(ct))
        {
            if (Enum.TryParse<CollectorKeyKind>(reader.GetString(0), ignoreCase: true, out var kind))
                rows.Add(new(kind, reader.GetFieldValue<byte[]>(1), reader.GetBoolean(2)));
        }
        return rows;
    }

    static CollectorKeys Load(List<Row> rows)
    {
        var secrets = rows.ToLookup(row => row.Kind, row => row.Secret);
        var identities = secrets[CollectorKeyKind.Identity].Select(secret => SigningKey.Import(secret)).ToList();
        return new(
            identities[0],
            [.. identities.Select(identity => identity.PublicKey)],
            [.. secrets[CollectorKeyKind.Encryption].Select(secret => DecryptionKey.Import(secret))],
            [.. secrets[CollectorKeyKind.Credential].Select(secret => CredentialKey.Import(secret))],
            Encoding.ASCII.GetString(secrets[CollectorKeyKind.Path].First()),
            SigningKey.Import(secrets[CollectorKeyKind.Online].First()));
    }

    static string Name(CollectorKeyKind kind) => kind.ToString().ToLowerInvariant();

    sealed record Row(CollectorKeyKind Kind, byte[] Secret, bool Retired);
}
