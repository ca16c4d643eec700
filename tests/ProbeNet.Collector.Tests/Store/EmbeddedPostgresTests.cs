using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Store.Embedded;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Store;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    readonly string _state = Directory.CreateTempSubdirectory("probenet-state-").FullName;

    EmbeddedPostgresOptions Options => new(Path.Combine(_state, "store"));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task It_runs_on_a_socket_alone_and_never_as_root()
    {
        await using var server = await StartAsync();

        await using var source = NpgsqlDataSource.Create(EmbeddedConnection.String(Options));
        Assert.Equal("|UTF8|C|scram-sha-256", await ReadAsync(source,
            "select concat_ws('|', current_setting('listen_addresses'), current_setting('server_encoding'), datcollate, current_setting('password_encryption')) from pg_database where datname = current_database()"));
        var pid = Postmaster.Find(Options.Data)!.Pid;
        if (Environment.IsPrivilegedProcess)
            Assert.DoesNotContain(File.ReadLines($"/proc/{pid}/status"), line => line.StartsWith("Uid:\t0\t", StringComparison.Ordinal) && !InNamespace(pid));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Options.Password));
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_stop_and_a_start()
    {
        await using (await StartAsync())
            await WriteAsync();
        Assert.Null(Postmaster.Find(Options.Data));

        await using (await StartAsync())
            Assert.Equal("7", await ReadAsync());
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_crash()
    {
        await using (var server = await StartAsync())
        {
            await WriteAsync();
            using (var postmaster = Process.GetProcessById(Postmaster.Find(Options.Data)!.Pid))
                postmaster.Kill(entireProcessTree: true);
            await server.Ended.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        }
        Assert.True(File.Exists(Path.Combine(Options.Data, "postmaster.pid")));

        await using (await StartAsync())
            Assert.Equal("7", await ReadAsync());
    }

    [Fact]
    public async Task A_server_that_outlived_its_collector_is_stopped_by_the_next_start()
    {
        await using (await StartAsync())
            await WriteAsync();
        var orphan = StartOrphan();
        await Eventually.TrueAsync("the orphan answers", () => EmbeddedPostgres.IsRunningAsync(Options, Ct));

        await using (await StartAsync())
        {
            Assert.NotEqual(orphan, Postmaster.Find(Options.Data)!.Pid);
            Assert.Equal("7", await ReadAsync());
        }
    }

    [Fact]
    public async Task A_number_in_a_stale_pid_file_that_another_process_has_is_left_alone()
    {
        await using (await StartAsync())
            await WriteAsync();
        await File.WriteAllTextAsync(Path.Combine(Options.Data, "postmaster.pid"), $"{Environment.ProcessId}\n{Options.Data}\n", Ct);
        Assert.Null(Postmaster.Find(Options.Data));
    }

    [Fact]
    public async Task A_command_uses_the_server_of_a_running_serve_and_leaves_it_running()
    {
        await using var serving = await OpenAsync(beside: false);
        await using (var command = await OpenAsync(beside: true))
            Assert.Equal(serving.Schema.To, command.Schema.From);
        Assert.True(await EmbeddedPostgres.IsRunningAsync(Options, Ct));
    }

    [Fact]
    public async Task A_command_without_a_running_serve_starts_the_server_for_its_work()
    {
        await using (var command = await OpenAsync(beside: true))
            Assert.True(await EmbeddedPostgres.IsRunningAsync(Options, Ct));
        Assert.Null(Postmaster.Find(Options.Data));
    }

    [Fact]
    public async Task A_second_collector_on_the_same_state_directory_is_refused()
    {
        await using var serving = await StartAsync();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(Options with { LockTimeout = TimeSpan.FromMilliseconds(200) }));
        Assert.StartsWith("Another collector uses", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_s_signals_do_not_reach_it()
    {
        await using var server = await StartAsync();
        Assert.NotEqual(SessionOf(Environment.ProcessId), SessionOf(Postmaster.Find(Options.Data)!.Pid));

        // proc(5): pid (comm) state ppid pgrp session; nothing before has a space in these two.
        static string SessionOf(int pid) => File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[3];
    }

    [Fact]
    public async Task A_command_finds_the_server_of_a_serve_that_is_still_starting()
    {
        var starting = OpenAsync(beside: false);
        await using (var command = await OpenAsync(beside: true))
            Assert.True(await EmbeddedPostgres.IsRunningAsync(Options, Ct));
        await (await starting).DisposeAsync();
    }

    [Fact]
    public async Task Making_the_database_that_was_cut_short_begins_anew()
    {
        Directory.CreateDirectory(Path.Combine(Options.Data + ".new", "data", "base"));
        await using (await StartAsync())
            await WriteAsync();
        Assert.False(Directory.Exists(Options.Data + ".new"));
    }

    // Without the pipe from a collector, as if the shell that holds it had been killed as well.
    int StartOrphan()
    {
        var identity = UnprivilegedIdentity.Find(Options.Directory)!;
        List<string> command = [.. identity.Prefix, PostgresBinaries.Find()!["postgres"], "-D", Options.Data, .. EmbeddedSettings.All.SelectMany(setting => new[] { "-c", setting })];
        var process = Process.Start(Programs.StartInfo(command))!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process.Id;
    }

    Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions? options = null)
    {
        if (PostgresBinaries.Find() is null)
            throw new ServerMissingException("PostgreSQL is not installed");
        return EmbeddedPostgres.StartAsync(options ?? Options, TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance, Ct);
    }

    Task<OpenStore> OpenAsync(bool beside)
    {
        EmbeddedConnection.EnsurePassword(Options);
        return OpenStore.OpenAsync(new(EmbeddedConnection.String(Options), Options), beside, TimeProvider.System, NullLoggerFactory.Instance, Ct);
    }

    async Task WriteAsync()
    {
        await using var source = NpgsqlDataSource.Create(EmbeddedConnection.String(Options));
        await using var command = source.CreateCommand("create table kept as select 7 as number");
        await command.ExecuteNonQueryAsync(Ct);
    }

    async Task<string> ReadAsync()
    {
        await using var source = NpgsqlDataSource.Create(EmbeddedConnection.String(Options));
        return await ReadAsync(source, "select number::text from kept");
    }

    static async Task<string> ReadAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }

    // Where no other uid exists the server is another user only inside a namespace of its own.
    static bool InNamespace(int pid) => new FileInfo($"/proc/{pid}/ns/user").LinkTarget != new FileInfo("/proc/self/ns/user").LinkTarget;
}
