using Npgsql;
using ProbeNet.Collector.Store.Embedded;

namespace ProbeNet.Collector.Store;

/// <summary>A database that can be connected to, whatever is in it; the private server runs where there is one.</summary>
sealed class StoreServer : IAsyncDisposable
{
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
        if (location.Embedded is { } embedded && !OperatingSystem.IsWindows() && !(beside && await EmbeddedPostgres.IsRunningAsync(embedded, ct)))
        {
            var started = await EmbeddedPostgres.StartAsync(embedded, time, loggers.CreateLogger<EmbeddedPostgres>(), ct);
            (server, lost) = (started, started.Ended);
        }
        // The driver gets no logger: at some levels it writes parameters.
        return new(NpgsqlDataSource.Create(location.ConnectionString), server, lost);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
