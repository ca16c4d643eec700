using Microsoft.Extensions.Logging.Console;

namespace ProbeNet.Collector.Service;

static class Logs
{
    // Kestrel, its TLS layer and gRPC name peers' addresses when they complain. How a start fails is said in one line by the
    // command, what is not ready by /readyz.
    static readonly string[] Silent = ["Microsoft.AspNetCore", "Grpc", "Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.Extensions.Diagnostics.HealthChecks"];

    public static void Add(ILoggingBuilder logging)
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
        foreach (var name in new[] { "Microsoft", "System" })
            logging.AddFilter(name, LogLevel.Warning);
        foreach (var name in new[] { "MassTransit", "Npgsql" })
            logging.AddFilter(name, LogLevel.Error);
        // After every other rule, the settings' included: nobody turns these on by accident.
        logging.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            foreach (var name in Silent)
                options.Rules.Add(new(null, name, LogLevel.None, null));
        });
    }
}
