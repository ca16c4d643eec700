using Microsoft.Extensions.Options;
using ProbeNet.Agent.Identity;

namespace ProbeNet.Agent.Uplink;

static class UplinkRegistration
{
    /// <summary>What commands need to speak with the collector.</summary>
    public static IServiceCollection AddCollectorClient(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UplinkOptions>()
            .Bind(configuration.GetSection(IdentityOptions.Section))
            .Validate(options => options.IsValid(), "Agent:Upload:Delay must not be negative, and Agent:Upload:Proxy must be http://… or socks5://….")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<UplinkOptions>>().Value);
        services.AddStateFile("uplink", UplinkState.Parser);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<CollectorDoor>(provider, new Random()));
        return services.AddSingleton<EnrollmentClient>().AddSingleton<WithdrawClient>();
    }

    /// <summary>The service's own: needs <c>AddSealing</c> and <c>AddTestLists</c>.</summary>
    public static IServiceCollection AddUplink(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCollectorClient(configuration);
        services.AddSingleton<SessionParts>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Contacts>(provider, new Random()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<UplinkWorker>(provider, new Random()));
        return services.AddHostedService(provider => provider.GetRequiredService<UplinkWorker>());
    }
}
