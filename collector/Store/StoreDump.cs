using System.ComponentModel;
using Npgsql;
using ProbeNet.Collector.Store.Embedded;

namespace ProbeNet.Collector.Store;

/// <summary>The whole database as one file, by PostgreSQL's own programs.</summary>
static class StoreDump
{
    /// <summary>
    /// Whoever holds an epoch's secret can trace that epoch's units to redemptions; a copy would outlive the epoch. Without it
    /// the units of the epoch in which a backup is restored are counted anew.
    /// </summary>
    const string LeftOut = "epoch_secret";

    static readonly string[] AllOrNothing = ["--single-transaction"];

    /// <exception cref="StoreUnavailableException">The program is missing or failed.</exception>
    public static async Task WriteAsync(StoreLocation location, string file, CancellationToken ct) =>
        await RunAsync(location, "pg_dump", ["--format=custom", $"--exclude-table-data=*{LeftOut}", "--no-owner", "--no-privileges", $"--file={file}"], ct);

    /// <exception cref="StoreUnavailableException">The database is not empty, or the program is missing or failed.</exception>
    public static async Task ReadAsync(StoreLocation location, NpgsqlDataSource source, string file, StoreEdition edition, CancellationToken ct)
    {
        if (await Migrator.VersionAsync(source, ct) is not null)
            throw new StoreUnavailableException("The store is not empty. Restore into an empty state directory, or name an empty database in ConnectionStrings__Store.");
        if (edition == StoreEdition.Timescale)
            await ExecuteAsync(source, "create extension if not exists timescaledb; select timescaledb_pre_restore()", ct);
        await RunAsync(location, "pg_restore",
            ["--no-owner", "--no-privileges", "--exit-on-error", .. edition == StoreEdition.Plain ? AllOrNothing : [], file], ct);
        if (edition == StoreEdition.Timescale)
            await ExecuteAsync(source, "select timescaledb_post_restore()", ct);
    }

    static async Task RunAsync(StoreLocation location, string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var to = new NpgsqlConnectionStringBuilder(location.ConnectionString);
        var binaries = PostgresBinaries.Find(await MajorVersionAsync(location, ct)) ?? PostgresBinaries.Find();
        var environment = new Dictionary<string, string>
        {
            ["PGHOST"] = to.Host ?? "",
            ["PGPORT"] = to.Port.ToString(),
            ["PGDATABASE"] = to.Database ?? "",
            ["PGUSER"] = to.Username ?? "",
            ["PGPASSWORD"] = to.Password ?? "",
        };
        string[] database = program == "pg_restore" ? ["--dbname", to.Database ?? ""] : [];
        try
        {
            var ended = await Programs.RunAsync([binaries?[program] ?? program, .. database, .. arguments], null, ct, environment);
            if (ended.ExitCode != 0)
                throw new StoreUnavailableException($"{program} failed: {Reason(ended.Errors)}");
        }
        catch (Win32Exception e)
        {
            throw new StoreUnavailableException($"{program} is not installed (Debian: apt install postgresql-client).", e);
        }
    }

    // Warnings stand before it, and what it was doing behind it.
    static string Reason(string said)
    {
        var lines = said.Trim().Split('\n');
        return lines.FirstOrDefault(line => line.Contains("error:", StringComparison.Ordinal)) ?? lines[0];
    }

    // A dump is made by the server's version or a newer one.
    static async Task<int> MajorVersionAsync(StoreLocation location, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(location.ConnectionString);
        await connection.OpenAsync(ct);
        return connection.PostgreSqlVersion.Major;
    }

    static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }
}
