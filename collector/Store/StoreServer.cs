using System.Runtime.Versioning;
using Npgsql;
using ProbeNet.Collector.Store.Embedded;

namespace ProbeNet.Collector.Store;

/// <summary>A database that can be connected to, whatever is in it; the private server runs where there is one.</summary>
sealed class StoreServer : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    readonly IAsyncDisposable? _server;

    StoreServer(NpgsqlDataSource source, IAsyncDisposable? server, Task lost) => (Source, _server, Lost) = (source, server, lost);

    public NpgsqlDataSource Source { get; }

    /// <summary>Completes when the private server ends by itself; never for another database.</summary>
    public Task Lost { get; }

    /// <param name="beside">True for a command: a private server that already runs is used and left running.</param>
    /// <exception cref="StoreUnavailableException">The private server cannot run; the message says what to do.</exception>
    public static async Task<StoreServer> StartAsync(StoreLocation location, bool beside, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        IAsyncDisposable? server = null;
        var lost = new TaskCompletionSource().Task;
        if (location.Embedded is { } embedded && !OperatingSystem.IsWindows())
        {
            var logger = loggers.CreateLogger<EmbeddedPostgres>();
            var started = beside ? await BesideAsync(embedded, time, logger, ct) : await EmbeddedPostgres.StartAsync(embedded, time, logger, ct);
            (server, lost) = (started, started?.Ended ?? lost);
        }
        // The driver gets no logger: at some levels it writes parameters.
        return new(NpgsqlDataSource.Create(location.ConnectionString), server, lost);
    }

    // Whoever holds the directory is about to have a server, or to end: either is waited for.
    [UnsupportedOSPlatform("windows")]
    static async Task<EmbeddedPostgres?> BesideAsync(EmbeddedPostgresOptions options, TimeProvider time, ILogger<EmbeddedPostgres> logger, CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + options.StartTimeout;
        while (!await EmbeddedPostgres.IsRunningAsync(options, ct))
        {
            if (await EmbeddedPostgres.TryStartAsync(options, time, logger, ct) is { } started)
                return started;
            if (time.GetUtcNow() > deadline)
                throw EmbeddedPostgres.InUse(options);
            await Task.Delay(Look, time, ct);
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
