using Npgsql;
using ProbeNet.Collector.Store.Embedded;

namespace ProbeNet.Collector.Store;

/// <summary>
/// A store that is ready: the private server runs where there is one, and the schema is this program's. `serve` holds it for
/// its life; a command holds it for its work, beside a running `serve` or with a server started for the moment.
/// </summary>
sealed class OpenStore : IAsyncDisposable
{
    readonly IAsyncDisposable? _server;

    OpenStore(NpgsqlDataSource source, IAsyncDisposable? server, Task lost, MigrationOutcome schema) =>
        (Source, _server, Lost, Schema) = (source, server, lost, schema);

    public NpgsqlDataSource Source { get; }

    public MigrationOutcome Schema { get; }

    /// <summary>Completes when the private server ends by itself; never for another database.</summary>
    public Task Lost { get; }

    /// <param name="beside">True for a command: a private server that already runs is used and left running.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be opened; the message says what to do.</exception>
    /// <exception cref="NpgsqlException">The database that the configuration names cannot be reached.</exception>
    public static async Task<OpenStore> OpenAsync(StoreLocation location, bool beside, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        IAsyncDisposable? server = null;
        var lost = new TaskCompletionSource().Task;
        NpgsqlDataSource? source = null;
        try
        {
            if (location.Embedded is { } embedded && !OperatingSystem.IsWindows() && !(beside && await EmbeddedPostgres.IsRunningAsync(embedded, ct)))
            {
                var started = await EmbeddedPostgres.StartAsync(embedded, time, loggers.CreateLogger<EmbeddedPostgres>(), ct);
                (server, lost) = (started, started.Ended);
            }
            source = CreateSource(location);
            var schema = await new Migrator(source).ApplyAsync(ct);
            return new(source, server, lost, schema);
        }
        catch
        {
            if (source is not null)
                await source.DisposeAsync();
            if (server is not null)
                await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Logs of the driver are left out: at some levels they carry parameters.</summary>
    static NpgsqlDataSource CreateSource(StoreLocation location) => new NpgsqlDataSourceBuilder(location.ConnectionString).Build();
}
