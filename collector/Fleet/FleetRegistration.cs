using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Tasks;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Fleet;

static class FleetRegistration
{
    /// <summary>What commands and roles alike need of the fleet. The store's data source comes from elsewhere.</summary>
    public static IServiceCollection AddFleet(this IServiceCollection services) => services
        .AddSingleton<CollectorKeyStore>()
        .AddSingleton<EpochSecrets>()
        .AddSingleton<InviteDesk>()
        .AddSingleton<AgentKeys>()
        .AddSingleton<TrustTable>()
        .AddSingleton<TrustDesk>()
        .AddSingleton<ListAudit>()
        .AddSingleton<ListKeys>()
        .AddSingleton<ListDrafts>()
        .AddSingleton<ListReleases>()
        .AddSingleton<ControlSightReader>()
        .AddSingleton<FleetReader>()
        .AddSingleton<FleetMemory>()
        .AddSingleton(provider => ReadTable(provider.GetRequiredService<IConfiguration>()));

    /// <summary>For a process that serves agents: the state in memory, kept fresh, and the enrolment desk.</summary>
    public static IServiceCollection AddFleetRefresh(this IServiceCollection services) => services
        .AddTaskBounds()
        .AddSingleton<TaskRounds>()
        .AddSingleton<Lines>()
        .AddSingleton<AgentReports>()
        .AddSingleton<NetworkLookup>()
        .AddSingleton<EnrolmentDesk>()
        .AddHostedService<FleetRefresh>();

    /// <summary>For who says what volunteers are to be asked, and who asks them.</summary>
    public static IServiceCollection AddTaskBounds(this IServiceCollection services)
    {
        services.AddOptions<TaskOptions>().BindConfiguration(TaskOptions.Section)
            .Validate(o => o.IsValid(), "Collector:Tasks: Spread is 00:00:00 to a day, PerIspAndHour is not negative").ValidateOnStart();
        services.TryAddSingleton(provider => new TaskBounds(provider.GetRequiredService<IOptions<TaskOptions>>(), () => RandomNumberGenerator.GetInt32(1 << 24) / (double)(1 << 24)));
        return services;
    }

    // Without a table every key's network is what the agent says, which never supports a verdict alone.
    static AsnTable ReadTable(IConfiguration configuration)
    {
        if (configuration["Collector:AsnTable"] is not { Length: > 0 } path)
            return AsnTable.Empty;
        if (!File.Exists(path))
            throw new IOException($"Collector:AsnTable: there is no file {path}.");
        using var file = File.OpenRead(path);
        try
        {
            return AsnTable.Read(file);
        }
        catch (InvalidDataException e)
        {
            throw new IOException($"Collector:AsnTable: {path}, {e.Message}", e);
        }
    }
}
