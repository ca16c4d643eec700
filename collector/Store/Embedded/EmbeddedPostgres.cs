using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;

namespace ProbeNet.Collector.Store.Embedded;

/// <summary>
/// A PostgreSQL of the collector's own, on a socket in its state directory: no port, no account on the machine. It lives
/// as long as this object; when the collector is killed, the server ends by itself.
/// </summary>
[UnsupportedOSPlatform("windows")]
sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    // Standard input is a pipe from the collector: when the collector is gone, by whatever means, it ends, and so does the
    // server. A background job of a shell ignores SIGINT only until PostgreSQL sets its own handler.
    const string Supervise = """exec 3<&0; "$@" 3<&- </dev/null & p=$!; (cat <&3; kill -INT $p) >/dev/null 2>&1 & c=$!; exec 3<&-; wait $p; r=$?; kill $c 2>/dev/null; exit $r""";

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    readonly EmbeddedPostgresOptions _options;
    readonly TimeProvider _time;
    readonly ILogger<EmbeddedPostgres> _logger;
    readonly FileStream _lock;
    readonly Process _process;

    EmbeddedPostgres(EmbeddedPostgresOptions options, TimeProvider time, ILogger<EmbeddedPostgres> logger, FileStream @lock, Process process) =>
        (_options, _time, _logger, _lock, _process) = (options, time, logger, @lock, process);

    /// <summary>Completes when the server ends, wanted or not.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>
    /// Starts the server, making the database first when there is none. Waits a little for another process of this state
    /// directory to let go of it; a server that outlived its collector is stopped.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It cannot run here; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options, TimeProvider time, ILogger<EmbeddedPostgres> logger, CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + options.LockTimeout;
        while (true)
        {
            if (await TryStartAsync(options, time, logger, ct) is { } started)
                return started;
            if (time.GetUtcNow() > deadline)
                throw InUse(options);
            await Task.Delay(Look, time, ct);
        }
    }

    /// <summary>As <see cref="StartAsync"/>, without waiting.</summary>
    /// <returns>Null when another process holds the directory.</returns>
    /// <exception cref="StoreUnavailableException">It cannot run here; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres?> TryStartAsync(
        EmbeddedPostgresOptions options, TimeProvider time, ILogger<EmbeddedPostgres> logger, CancellationToken ct)
    {
        var identity = Prepare(options);
        if (TryLock(options) is not { } @lock)
            return null;
        var deadline = time.GetUtcNow() + options.StartTimeout;
        Process? process = null;
        try
        {
            await StopOrphanAsync(options, time, ct);
            var binaries = FindBinaries(options);
            if (!IsInitialised(options))
                await InitialiseAsync(options, binaries, identity, ct);
            process = Launch(options, binaries, identity);
            await WaitUntilReadyAsync(options, process, time, deadline, ct);
            LogStarted(logger, binaries.MajorVersion);
            return new(options, time, logger, @lock, process);
        }
        catch
        {
            process?.StandardInput.Close();
            process?.Dispose();
            await @lock.DisposeAsync();
            throw;
        }
    }

    public static StoreUnavailableException InUse(EmbeddedPostgresOptions options) =>
        new($"Another collector uses {options.Directory}. Stop it, or give this one its own Collector__StateDirectory.");

    /// <summary>True when a server answers on the socket and has the collector's database.</summary>
    public static Task<bool> IsRunningAsync(EmbeddedPostgresOptions options, CancellationToken ct) =>
        AnswersAsync(options, EmbeddedConnection.Database, ct);

    static async Task<bool> AnswersAsync(EmbeddedPostgresOptions options, string database, CancellationToken ct)
    {
        if (!IsInitialised(options) || !File.Exists(Path.Combine(options.Run, ".s.PGSQL.5432")))
            return false;
        await using var source = NpgsqlDataSource.Create(EmbeddedConnection.String(options, database));
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(_options.StopTimeout, _time);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            await StopOrphanAsync(_options, _time, CancellationToken.None);
        }
        _process.Dispose();
        LogStopped(_logger);
        await _lock.DisposeAsync();
    }

    static UnprivilegedIdentity Prepare(EmbeddedPostgresOptions options)
    {
        Directory.CreateDirectory(options.Directory);
        if (Environment.IsPrivilegedProcess)
            LetThrough(options.Directory);
        EmbeddedConnection.EnsurePassword(options);
        return UnprivilegedIdentity.Find(options.Directory)
            ?? throw new StoreUnavailableException(
                "PostgreSQL does not run as root, and this system has neither a user postgres or nobody that reaches "
                + $"{options.Directory} nor user namespaces. Run the collector as another user, or set ConnectionStrings__Store.");
    }

    // Only to pass, not to read: the files in the state directory are closed to others one by one.
    static void LetThrough(string directory)
    {
        const UnixFileMode pass = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var path in new[] { directory, Path.GetDirectoryName(Path.GetFullPath(directory))! })
            if ((File.GetUnixFileMode(path) & pass) != pass)
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | pass);
    }

    static FileStream? TryLock(EmbeddedPostgresOptions options)
    {
        try
        {
            return new(options.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    static PostgresBinaries FindBinaries(EmbeddedPostgresOptions options)
    {
        var file = Path.Combine(options.Data, "PG_VERSION");
        int? wanted = File.Exists(file) && int.TryParse(File.ReadAllText(file), out var version) ? version : null;
        return PostgresBinaries.Find(wanted) ?? throw new StoreUnavailableException(wanted is null
            ? "PostgreSQL is not installed (Debian: apt install postgresql). Install it, or set ConnectionStrings__Store."
            : $"The store was made by PostgreSQL {wanted}, which is not installed. Install it (Debian: apt install postgresql-{wanted}), or restore a backup into an empty state directory.");
    }

    static bool IsInitialised(EmbeddedPostgresOptions options) => File.Exists(Path.Combine(options.Data, "PG_VERSION"));

    static async Task InitialiseAsync(EmbeddedPostgresOptions options, PostgresBinaries binaries, UnprivilegedIdentity identity, CancellationToken ct)
    {
        // initdb cut short leaves a directory that it will not touch again; the finished one appears by rename.
        var making = options.Data + ".new";
        if (Directory.Exists(making))
            Directory.Delete(making, recursive: true);
        Directory.CreateDirectory(making, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(options.Run, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        identity.Own(making);
        identity.Own(options.Run);
        // The password goes through a pipe and a file that the other user alone can read: never through an argument.
        const string script = """umask 077; cat > "$2/password" && "$1" -D "$2/data" -U probenet --pwfile="$2/password" -A scram-sha-256 -E UTF8 --locale=C --no-instructions; r=$?; rm -f "$2/password"; exit $r""";
        var ended = await Programs.RunAsync(
            [.. identity.Prefix, "/bin/sh", "-c", script, "sh", binaries["initdb"], making],
            await File.ReadAllTextAsync(options.Password, ct), ct);
        if (ended.ExitCode != 0)
            throw new StoreUnavailableException($"initdb failed: {LastLine(ended.Errors)}");
        if (Directory.Exists(options.Data))
            Directory.Delete(options.Data, recursive: true);
        Directory.Move(Path.Combine(making, "data"), options.Data);
        Directory.Delete(making, recursive: true);
    }

    static Process Launch(EmbeddedPostgresOptions options, PostgresBinaries binaries, UnprivilegedIdentity identity)
    {
        // In a session of its own: a terminal's Ctrl-C or hang-up is for the collector, which still writes while it stops. The
        // shell would die of it and leave the server, for which it means something else.
        List<string> command = ["setsid", .. identity.Prefix, "/bin/sh", "-c", Supervise, "sh", binaries["postgres"], "-D", options.Data];
        foreach (var setting in EmbeddedSettings.All)
            command.AddRange(["-c", setting]);
        var info = Programs.StartInfo(command);
        info.RedirectStandardOutput = false;
        try
        {
            var process = Process.Start(info)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new StoreUnavailableException($"Cannot start {binaries["postgres"]}: {e.Message}", e);
        }
    }

    static async Task WaitUntilReadyAsync(
        EmbeddedPostgresOptions options, Process process, TimeProvider time, DateTimeOffset deadline, CancellationToken ct)
    {
        while (!await AnswersAsync(options, "postgres", ct))
        {
            if (process.HasExited)
                throw new StoreUnavailableException($"PostgreSQL ended while starting; its log is in {Path.Combine(options.Data, "log")}.");
            if (time.GetUtcNow() > deadline)
                throw new StoreUnavailableException($"PostgreSQL was not ready within {options.StartTimeout}; its log is in {Path.Combine(options.Data, "log")}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct);
        }
        await EmbeddedConnection.CreateDatabaseAsync(options, ct);
    }

    static async Task StopOrphanAsync(EmbeddedPostgresOptions options, TimeProvider time, CancellationToken ct)
    {
        if (Postmaster.Find(options.Data) is not { } postmaster)
            return;
        postmaster.Signal("INT");
        var deadline = time.GetUtcNow() + options.StopTimeout;
        for (var hard = false; postmaster.IsAlive; await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct))
        {
            if (hard || time.GetUtcNow() <= deadline)
                continue;
            postmaster.Signal("QUIT");
            hard = true;
        }
    }

    static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "it said nothing";

    [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL {Version} runs")]
    static partial void LogStarted(ILogger logger, int version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL stopped")]
    static partial void LogStopped(ILogger logger);
}
