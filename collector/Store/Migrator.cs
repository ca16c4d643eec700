using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>Which of the two schemas with the same names a database has. Decided once, by its first migration.</summary>
enum StoreEdition
{
    Plain,
    Timescale,
}

/// <param name="From">The schema's version before; 0 for an empty database.</param>
/// <param name="To">The version now.</param>
sealed record MigrationOutcome(StoreEdition Edition, int From, int To);

/// <summary>
/// Brings a database's schema to this program's version: forward only, each migration in a transaction of its own, one
/// process at a time.
/// </summary>
sealed class Migrator(NpgsqlDataSource source)
{
    // Any number, as long as every version of the collector uses the same.
    const long AdvisoryLock = 7205759403792793601;

    static readonly IReadOnlyList<Migration> Migrations = Migration.Embedded();

    public static int ProgramVersion => Migrations[^1].Number;

    /// <exception cref="StoreUnavailableException">The schema is newer than this program, or was altered.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached or refuses a statement.</exception>
    public async Task<MigrationOutcome> ApplyAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, $"select pg_advisory_lock({AdvisoryLock})", ct);
        try
        {
            await ExecuteAsync(connection,
                """
                create table if not exists schema_migration (
                    number integer primary key, name text not null, edition text not null, checksum bytea not null, applied date not null)
                """, ct);
            var applied = await AppliedAsync(connection, ct);
            var edition = applied.Count > 0 ? applied[0].Edition : await DetectAsync(connection, ct);
            Check(applied, edition);
            foreach (var migration in Migrations.Skip(applied.Count))
                await ApplyAsync(connection, migration, edition, ct);
            return new(edition, applied.Count, ProgramVersion);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await ExecuteAsync(connection, $"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    /// <summary>The schema's version and edition; null for a database without one.</summary>
    public static async Task<(int Version, StoreEdition Edition)?> VersionAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var exists = new NpgsqlCommand("select to_regclass('schema_migration') is not null", connection);
        if (await exists.ExecuteScalarAsync(ct) is not true)
            return null;
        var applied = await AppliedAsync(connection, ct);
        return applied.Count == 0 ? null : (applied.Count, applied[0].Edition);
    }

    static void Check(List<Applied> applied, StoreEdition edition)
    {
        if (applied.Count > Migrations.Count)
            throw new StoreUnavailableException(
                $"The database has schema {applied.Count}, this program knows {Migrations.Count}. Run the newer version of probenet-collector.");
        foreach (var (row, migration) in applied.Zip(Migrations))
            if (row.Number != migration.Number || !migration.Checksum(edition).AsSpan().SequenceEqual(row.Checksum))
                throw new StoreUnavailableException(
                    $"Migration {row.Number:0000} of the database is not this program's ({migration.Name}). Restore a backup or use the program that made it.");
    }

    static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, StoreEdition edition, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var script in migration.Scripts(edition))
            await ExecuteAsync(connection, script, ct);
        await using var record = new NpgsqlCommand("insert into schema_migration values ($1, $2, $3, $4, current_date)", connection)
        {
            Parameters =
            {
                new() { Value = migration.Number },
                new() { Value = migration.Name },
                new() { Value = edition.ToString() },
                new() { Value = migration.Checksum(edition) },
            },
        };
        await record.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    // An extension that is there but not made needs a right that the collector may not have: then the schema is plain.
    static async Task<StoreEdition> DetectAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var installed = new NpgsqlCommand("select 1 from pg_extension where extname = 'timescaledb'", connection);
        if (await installed.ExecuteScalarAsync(ct) is not null)
            return StoreEdition.Timescale;
        await using var preloaded = new NpgsqlCommand(
            """
            select 1 from pg_available_extensions, pg_settings s, pg_roles r
            where pg_available_extensions.name = 'timescaledb' and s.name = 'shared_preload_libraries' and s.setting like '%timescaledb%'
              and r.rolname = current_user and (r.rolsuper or has_database_privilege(current_database(), 'create'))
            """, connection);
        if (await preloaded.ExecuteScalarAsync(ct) is null)
            return StoreEdition.Plain;
        await ExecuteAsync(connection, "create extension if not exists timescaledb", ct);
        return StoreEdition.Timescale;
    }

    static async Task<List<Applied>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select number, edition, checksum from schema_migration order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var applied = new List<Applied>();
        while (await reader.ReadAsync(ct))
            applied.Add(new(reader.GetInt32(0), Enum.Parse<StoreEdition>(reader.GetString(1)), reader.GetFieldValue<byte[]>(2)));
        return applied;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    sealed record Applied(int Number, StoreEdition Edition, byte[] Checksum);
}

/// <summary>NNNN_name.sql for both editions, followed by NNNN_name.plain.sql or NNNN_name.timescale.sql where there is one.</summary>
sealed record Migration(int Number, string Name, string? Both, string? Plain, string? Timescale)
{
    public IEnumerable<string> Scripts(StoreEdition edition) =>
        new[] { Both, edition == StoreEdition.Plain ? Plain : Timescale }.OfType<string>();

    public byte[] Checksum(StoreEdition edition) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Scripts(edition)).ReplaceLineEndings("\n")));

    internal static IReadOnlyList<Migration> Embedded()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Store.Migrations.", StringComparison.Ordinal))
            .Select(name => (Name: name, File: name[(name.IndexOf(".Store.Migrations.", StringComparison.Ordinal) + ".Store.Migrations.".Length)..]))
            .GroupBy(resource => resource.File.Split('.')[0])
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Migration(
                int.Parse(group.Key.Split('_')[0], CultureInfo.InvariantCulture),
                group.Key,
                Read(group.FirstOrDefault(r => r.File == $"{group.Key}.sql").Name),
                Read(group.FirstOrDefault(r => r.File == $"{group.Key}.plain.sql").Name),
                Read(group.FirstOrDefault(r => r.File == $"{group.Key}.timescale.sql").Name)))];

        string? Read(string? resource)
        {
            if (resource is null)
                return null;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            return reader.ReadToEnd();
        }
    }
}
