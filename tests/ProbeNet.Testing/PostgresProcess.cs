using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ProbeNet.Testing;

/// <summary>A real PostgreSQL on the loopback with a data directory and port of its own, never as uid 0.</summary>
public sealed class PostgresProcess : IAsyncDisposable
{
    const string VersionedRoot = "/usr/lib/postgresql";

    static readonly Lazy<Task<PostgresProcess>> SharedServer = new(() => StartAsync());

    static int _databases;

    readonly string _directory;
    readonly PosixIdentity _identity;
    readonly int _port;
    SupervisedProcess? _process;

    PostgresProcess(string directory, PosixIdentity identity, int port) => (_directory, _identity, _port) = (directory, identity, port);

    // In a mount namespace of the server's own, so that the disk is gone with it, however it ends.
    string[] SmallDisk { get; init; } = [];

    /// <summary>The server's own process; what kill -9 is for.</summary>
    public int Pid => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Of the database that every server has.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    /// <summary>Of the server's data.</summary>
    public string Folder => _directory;

    public int Port => _port;

    string Data => Path.Combine(_directory, "data");

    static string? Binaries => Directory.Exists(VersionedRoot)
        ? Directory.GetDirectories(VersionedRoot).Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .MaxBy(bin => int.Parse(Path.GetFileName(Path.GetDirectoryName(bin))!, CultureInfo.InvariantCulture))
        : null;

    /// <summary>One server for all tests of this process; each takes a database of its own.</summary>
    public static Task<PostgresProcess> SharedAsync() => SharedServer.Value;

    /// <exception cref="ServerMissingException">PostgreSQL is not installed.</exception>
    public static Task<PostgresProcess> StartAsync() => StartAsync([]);

    /// <summary>A server whose data lies on a disk of this size, which can be filled. It does not outlive a restart.</summary>
    /// <exception cref="ServerMissingException">Who runs the tests may not mount.</exception>
    public static Task<PostgresProcess> OnSmallDiskAsync(int megabytes) => Environment.IsPrivilegedProcess
        ? StartAsync(["unshare", "--mount", "--propagation", "private", "sh", "-c",
            $"mkdir \"$1.copy\" && mount -t tmpfs -o size={megabytes}m,mode=755 none \"$1.copy\" && cp -a \"$1/.\" \"$1.copy\" && mount --move \"$1.copy\" \"$1\" && chown --reference=\"$1/base\" \"$1\" && chmod 700 \"$1\" && shift && exec \"$@\"", "sh"])
        : throw new ServerMissingException("only root may mount a small disk");

    static async Task<PostgresProcess> StartAsync(string[] smallDisk)
    {
        if (Binaries is not { } binaries)
            throw new ServerMissingException("PostgreSQL is not installed");
        var directory = Directory.CreateTempSubdirectory("probenet-postgres-").FullName;
        var identity = PosixIdentity.ForServers();
        identity.Own(directory);
        var server = new PostgresProcess(directory, identity, FreePort.Next()) { SmallDisk = smallDisk };
        await using (var initdb = new SupervisedProcess(Path.Combine(directory, "none"), "TERM",
            [.. identity.Prefix, Path.Combine(binaries, "initdb"), "-D", server.Data, "-U", "probenet", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]))
            await Eventually.TrueAsync("initdb ends", () => initdb.HasEnded, TimeSpan.FromSeconds(120));
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts the server on its old data, as after a crash.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={_port}", "unix_socket_directories=", "max_connections=200", "shared_buffers=1GB",
            "max_wal_size=4GB", "checkpoint_timeout=15min", "wal_compression=lz4", "jit=off", "timezone=UTC", "log_min_messages=fatal",
        ];
        // The directory outlives a crash; only the last end of all deletes it.
        _process = new(Path.Combine(_directory, "none"), "INT",
            [.. SmallDisk, .. SmallDisk.Length > 0 ? [Data] : (string[])[], .. _identity.Prefix, Path.Combine(Binaries!, "postgres"), "-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })],
            epilogue: $"kill -0 {Environment.ProcessId} || rm -rf '{_directory}'");
        await Eventually.TrueAsync("PostgreSQL answers", AnswersAsync, TimeSpan.FromSeconds(120));
    }

    /// <summary>kill -9 of the server and of what it started, and its end.</summary>
    public async Task KillAsync()
    {
        using (var postmaster = Process.GetProcessById(Pid))
            postmaster.Kill(entireProcessTree: true);
        await Eventually.TrueAsync("PostgreSQL is dead", () => _process!.HasEnded);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>An empty database, or a copy of another of this server.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(template is null ? $"create database {name}" : $"create database {name} template {template}");
        return ConnectionStringOf(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    string ConnectionStringOf(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=probenet;Database={database};SSL Mode=Disable;GSS Encryption Mode=Disable;Maximum Pool Size=20";

    async Task<bool> AnswersAsync()
    {
        if (_process!.HasEnded)
            throw new InvalidOperationException($"PostgreSQL ended: {_process.Output}");
        try
        {
            await ExecuteAsync("select 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
