using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Spool;

namespace ProbeNet.Agent.Sealing;

static class SealingRegistration
{
    /// <summary>Names a file in which tests that kill the agent find what it produced.</summary>
    const string ProducedVariable = "TEST_PRODUCED";

    /// <summary>Journal and spool of the one process that writes them.</summary>
    public static IServiceCollection AddSealing(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<StateLock>();
        services.AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<StateLock>();
            return ChunkSpool.Open(
                SpoolDirectory(provider.GetRequiredService<StateDirectory>()), new SpoolLimits(), provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(provider => new Journal(
            JournalDirectory(provider.GetRequiredService<StateDirectory>()),
            provider.GetRequiredService<StateKey>(),
            provider.GetRequiredService<ChunkSpool>().Total,
            configuration[ProducedVariable] is { Length: > 0 } path ? new ProducedFile(path) : null));
        services.AddSingleton<Sealer>();
        services.AddHostedService<SealingWorker>();
        return services;
    }

    public static DiskSpoolDirectory SpoolDirectory(StateDirectory state, bool readOnly = false) => new(state.PathOf("spool"), readOnly);

    public static DiskSpoolDirectory JournalDirectory(StateDirectory state, bool readOnly = false) => new(state.PathOf("journal"), readOnly);
}
