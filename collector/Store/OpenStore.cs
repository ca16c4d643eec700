using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>
/// A store that is ready: its server runs and the schema is this program's. `serve` holds it for its life; a command holds it
/// for its work, beside a running `serve` or with a server started for the moment.
/// </summary>
sealed class OpenStore : IAsyncDisposable
{
    readonly StoreServer _server;

    OpenStore(StoreServer server, MigrationOutcome schema) => (_server, Schema) = (server, schema);

    public NpgsqlDataSource Source => _server.Source;

    public MigrationOutcome Schema { get; }

    /// <inheritdoc cref="StoreServer.Lost"/>
    public Task Lost => _server.Lost;

    /// <inheritdoc cref="StoreServer.StartAsync"/>
    /// <exception cref="StoreUnavailableException">The store cannot be opened; the message says what to do.</exception>
    /// <exception cref="NpgsqlException">The database that the configuration names cannot be reached.</exception>
    public static async Task<OpenStore> OpenAsync(StoreLocation location, bool beside, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        var server = await StoreServer.StartAsync(location, beside, time, loggers, ct);
        try
        {
            return new(server, await new Migrator(server.Source).ApplyAsync(ct));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
