using Microsoft.Extensions.Options;

namespace ProbeNet.Agent.Identity;

static class IdentityRegistration
{
    public static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IdentityOptions>()
            .Bind(configuration.GetSection(IdentityOptions.Section))
            .Validate(options => options.IsValid(), "Agent:StateDirectory must be a path, and Agent:Interface an IP address of this machine.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<IdentityOptions>>().Value);
        services.AddSingleton(provider => new StateDirectory(provider.GetRequiredService<IdentityOptions>().StateDirectory));
        services.AddSingleton(provider => StateKey.OpenOrCreate(provider.GetRequiredService<StateDirectory>()));
        services.AddSingleton<OwnNetwork>();
        services.AddSingleton<Pause>();
        services.AddStateFile("enrollment", Enrollment.Parser);
        services.AddStateFile("consent", Consent.Parser);
        services.AddStateFile("keys", KeyRing.Parser);
        services.AddSingleton(provider => new NetworkKeys(
            provider.GetRequiredService<StateFile<KeyRing>>(),
            provider.GetRequiredService<StateKey>(),
            provider.GetRequiredService<OwnNetwork>().Gateway,
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    internal static IServiceCollection AddStateFile<T>(this IServiceCollection services, string name, Google.Protobuf.MessageParser<T> parser)
        where T : class, Google.Protobuf.IMessage<T> =>
        services.AddSingleton(provider => new StateFile<T>(
            provider.GetRequiredService<StateDirectory>(), provider.GetRequiredService<StateKey>(), name, parser));
}
