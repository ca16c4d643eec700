using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service;

/// <summary>What a shell command works with: the open store and everything that needs no listener.</summary>
sealed class CommandStore : IAsyncDisposable
{
    readonly OpenStore _store;
    readonly ServiceProvider _services;

    CommandStore(OpenStore store, ServiceProvider services, IConfiguration configuration) =>
        (_store, _services, Configuration) = (store, services, configuration);

    public IConfiguration Configuration { get; }

    /// <summary>Uses the store of a running `serve`, or starts it for the moment.</summary>
    public static async Task<CommandStore> OpenAsync(Surroundings surroundings, CancellationToken ct)
    {
        var configuration = CollectorConfiguration.Read(surroundings);
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddSingleton(surroundings.Time);
        // What is wrong is said once, by the command itself.
        services.AddLogging(logging => logging.ClearProviders());
        using var loggers = LoggerFactory.Create(logging => logging.ClearProviders());
        var location = StoreLocation.Of(configuration, configuration[CollectorConfiguration.StateDirectory]!);
        var store = await Progress.WhileAsync(surroundings, "Opening the store", OpenStore.OpenAsync(location, beside: true, surroundings.Time, loggers, ct));
        services.AddStore(store).AddFleet().AddRollouts().AddAnalysisQueries().AddMetrics().AddReanalysis().AddSingleton<ApiKeys>().AddSingleton<LogQueries>()
            .AddSingleton<MeasurementQueries>().AddSingleton<EvidenceQueries>().AddSingleton<RowPublications>();
        return new(store, services.BuildServiceProvider(), configuration);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _store.DisposeAsync();
    }
}
