using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;

namespace ProbeNet.Agent.Service;

/// <summary>What commands beside a running service need: settings, identity and list, and nothing that only one process may hold.</summary>
static class AgentServices
{
    /// <exception cref="CommandFailure">The state's owner could not be become.</exception>
    public static ServiceProvider Build(Surroundings surroundings)
    {
        var configuration = new ConfigurationBuilder();
        AgentConfiguration.Apply(configuration, surroundings);
        var read = configuration.Build();
        BecomeOwner(read);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(read);
        services.AddSingleton(surroundings.Time);
        services.AddIdentity(read);
        services.AddTestLists();
        services.AddCollectorClient(read);
        services.AddMeasurements(read);
        return services.BuildServiceProvider();
    }

    public static void BecomeOwner(IConfiguration configuration)
    {
        if (configuration["Agent:StateDirectory"] is { Length: > 0 } directory)
            StateOwner.Become(directory);
    }
}
