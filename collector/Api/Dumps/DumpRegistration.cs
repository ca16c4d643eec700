using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Dumps;

static class DumpRegistration
{
    public static IServiceCollection AddDumps(this IServiceCollection services) =>
        services.AddSingleton<DumpVersions>().AddSingleton<DumpMaker>().AddHostedService<DumpWorker>();
}
