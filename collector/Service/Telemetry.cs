using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ProbeNet.Collector.Service;

static class Telemetry
{
    /// <summary>Meters and activity sources of this program are named ProbeNet.Collector.FOLDER.</summary>
    public const string Name = "ProbeNet.Collector.*";

    /// <summary>Metrics for Prometheus always; traces and metrics to an OTLP endpoint where the standard variables name one.</summary>
    public static void AddCollectorTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var exports = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT");
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("probenet-collector", autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Name, "System.Runtime", "Npgsql").AddPrometheusExporter();
                if (exports is not null)
                    metrics.AddOtlpExporter();
            });
        if (exports is null)
            return;
        // Requests are not traced: their path holds the agents' secret and their peer an address.
        telemetry.WithTracing(traces => traces.AddSource(Name).AddOtlpExporter());
    }
}
