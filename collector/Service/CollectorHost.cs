using Microsoft.Extensions.Logging.Console;

namespace ProbeNet.Collector.Service;

/// <summary>Puts the parts together. Each folder adds itself with one line here and maps itself with one line there.</summary>
static class CollectorHost
{
    public static WebApplication Build(Surroundings surroundings, Roles roles)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        CollectorConfiguration.Apply(builder.Configuration, surroundings);
        AddQuietLogs(builder.Logging);
        builder.Services.AddSingleton(surroundings.Time);
        builder.Services.AddCollectorTelemetry(builder.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Configure(context.Configuration.GetSection("Kestrel"));
        });
        builder.Services.AddHealthChecks();
        builder.Services.AddRouting();

        var app = builder.Build();
        app.UseRouting();
        if (roles.HasFlag(Roles.Web))
            app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    /// <summary>What a shell command runs with: the store and the fleet, without listeners.</summary>
    public static ServiceProvider BuildForCommand(Surroundings surroundings)
    {
        var configuration = CollectorConfiguration.Read(surroundings);
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddSingleton(surroundings.Time);
        services.AddLogging(AddQuietLogs);
        return services.BuildServiceProvider();
    }

    // Kestrel, its TLS layer and gRPC name peers' addresses when they complain: they are silent whatever the settings say.
    static void AddQuietLogs(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("MassTransit", LogLevel.Error);
        logging.AddFilter("Npgsql", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.Server", LogLevel.None);
        logging.AddFilter("Grpc", LogLevel.None);
    }
}
