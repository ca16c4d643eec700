using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Service;

namespace ProbeNet.Killable.Collector;

static class KillableCollector
{
    internal static Task<int> RunAsync(string[] settings, KillWindow window) =>
        CollectorCommandLine.RunAsync(["serve", "--roles", "intake,writer", .. settings], Surroundings.OfProcess() with
        {
            Decorate = services =>
            {
                services.Wrap<IBatchQueue>(queue => new KillableQueue(queue, window));
                services.Wrap<IBatchSink>(sink => new KillableSink(sink, window));
            },
        });

    static void Wrap<T>(this IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(inner);
        services.AddSingleton(provider => wrap((T)(inner.ImplementationInstance
            ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
