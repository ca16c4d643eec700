using System.Buffers.Text;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ProbeNet.Collector.Store.Embedded;

/// <summary>How the private server is reached. Known before it runs, so that a data source can be made first.</summary>
[UnsupportedOSPlatform("windows")]
static class EmbeddedConnection
{
    internal const string Database = "probenet";

    // sun_path has 108 bytes; the socket's own name and the closing zero are in it.
    const int LongestDirectory = 108 - 1 - 14;

    /// <exception cref="StoreUnavailableException">The state directory's path is too long for a socket.</exception>
    internal static string String(EmbeddedPostgresOptions options, string database = Database) => new NpgsqlConnectionStringBuilder
    {
        Host = SocketDirectory(options),
        Port = 5432,
        Username = "probenet",
        Password = File.ReadAllText(options.Password),
        Database = database,
        MaxPoolSize = 40,
    }.ConnectionString;

    internal static void EnsurePassword(EmbeddedPostgresOptions options)
    {
        Directory.CreateDirectory(options.Directory);
        if (File.Exists(options.Password))
            return;
        var making = $"{options.Password}.{Environment.ProcessId}";
        using (var file = new FileStream(making, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(making, options.Password, overwrite: false);
        }
        catch (IOException) when (File.Exists(options.Password))
        {
            File.Delete(making);
        }
    }

    internal static async Task CreateDatabaseAsync(EmbeddedPostgresOptions options, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(String(options, "postgres"));
        await using var exists = source.CreateCommand($"select 1 from pg_database where datname = '{Database}'");
        if (await exists.ExecuteScalarAsync(ct) is not null)
            return;
        await using var create = source.CreateCommand($"create database {Database}");
        await create.ExecuteNonQueryAsync(ct);
    }

    static string SocketDirectory(EmbeddedPostgresOptions options)
    {
        var run = Path.GetFullPath(options.Run);
        return Encoding.UTF8.GetByteCount(run) <= LongestDirectory
            ? run
            : throw new StoreUnavailableException($"{run} is too long for a socket ({LongestDirectory} bytes). Set a shorter Collector__StateDirectory.");
    }
}
