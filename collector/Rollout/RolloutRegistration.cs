using Microsoft.Extensions.Options;

namespace ProbeNet.Collector.Rollout;

static class RolloutRegistration
{
    /// <summary>What commands, pages and the worker alike need; <c>AddFleet</c> brings the rest.</summary>
    public static IServiceCollection AddRollouts(this IServiceCollection services) => services
        .AddSingleton<RolloutTable>()
        .AddSingleton<FleetTable>()
        .AddSingleton<AdoptionTable>()
        .AddSingleton<RolloutReading>();

    /// <summary>For the process that takes releases on.</summary>
    public static IServiceCollection AddRolloutWorker(this IServiceCollection services)
    {
        services.AddOptions<RolloutOptions>()
            .BindConfiguration(RolloutOptions.Section)
            .Validate(options => options.IsValid(), "Collector:Rollout: times are not negative, Runs >= 0, Measuring is 0 to 1")
            .ValidateOnStart();
        return services
            .AddSingleton(provider => provider.GetRequiredService<IOptions<RolloutOptions>>().Value.Rules())
            .AddHostedService<RolloutWorker>();
    }
}
