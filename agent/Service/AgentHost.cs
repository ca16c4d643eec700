using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;

namespace ProbeNet.Agent.Service;

/// <summary>The service: everything that only one process on a state directory may do.</summary>
static class AgentHost
{
    public static IHost Build(Surroundings surroundings, string serviceName)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = AppContext.BaseDirectory });
        AgentConfiguration.Apply(builder.Configuration, surroundings);
        AgentServices.BecomeOwner(builder.Configuration);
        AddLogging(builder);
        AddSystemd(builder.Services, surroundings);
        builder.Services.AddWindowsService(options => options.ServiceName = serviceName);
        builder.Services.AddSingleton(surroundings.Time);
        builder.Services.AddIdentity(builder.Configuration);
        builder.Services.AddTestLists();
        builder.Services.AddSealing(builder.Configuration);
        builder.Services.AddUplink(builder.Configuration);
        builder.Services.AddMeasurements(builder.Configuration);
        builder.Services.AddMeasurementLoop(builder.Configuration);
        builder.Services.AddHostedService<StateGuard>();
        builder.Services.AddHostedService<Watchdog>();
        return builder.Build();
    }

    // Systemd is known by being the parent; a container's manager or a supervisor passes the socket on (sd_notify(3)).
    static void AddSystemd(IServiceCollection services, Surroundings surroundings)
    {
        services.AddSystemd();
        if (!OperatingSystem.IsLinux() || SystemdHelpers.IsSystemdService() || surroundings.Environment("NOTIFY_SOCKET") is not { Length: > 0 })
            return;
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
    }

    // Under systemd, AddSystemd puts its own format in place of this one.
    static void AddLogging(HostApplicationBuilder builder) => builder.Logging
        .AddConfiguration(builder.Configuration.GetSection("Logging"))
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("System", LogLevel.Warning)
        // A start that fails is said in one line by the command; what stops the host later is critical and has its trace.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
        .AddFilter("Grpc", LogLevel.None)
        .AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            options.UseUtcTimestamp = true;
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
}
