using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Intake;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Web;

namespace ProbeNet.Collector.Service;

/// <summary>Puts the parts together. Each folder adds itself with one line here and maps itself with one line there.</summary>
static class CollectorHost
{
    /// <param name="store">Open; the caller closes it after the host.</param>
    public static WebApplication Build(Surroundings surroundings, Roles roles, OpenStore store)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        CollectorConfiguration.Apply(builder.Configuration, surroundings);
        Logs.Add(builder.Logging);
        builder.Services.AddSingleton(surroundings.Time);
        builder.Services.AddCollectorTelemetry(builder.Configuration);
        AddListeners(builder, surroundings, roles);
        builder.Services.AddHealthChecks();
        builder.Services.AddRouting();
        AddParts(builder.Services, builder.Configuration, roles, store);
        surroundings.Decorate(builder.Services);

        var app = builder.Build();
        if (roles.HasFlag(Roles.Intake))
            app.UseSecretPath();
        if (roles.HasFlag(Roles.Web))
            app.AnswerHead();
        app.UseRouting();
        if (roles.HasFlag(Roles.Intake))
            app.MapIntake();
        if (roles.HasFlag(Roles.Web))
        {
            app.MapPrometheusScrapingEndpoint("/metrics");
            app.MapApi();
            app.MapWeb();
        }
        return app;
    }

    static void AddParts(IServiceCollection services, IConfiguration configuration, Roles roles, OpenStore store)
    {
        services.AddStore(store).AddFleet().AddRollouts().AddAnalysisQueries();
        if (roles.HasFlag(Roles.Writer))
        {
            services.AddMeasurementWriter();
            services.AddSingleton<IBatchSink>(provider => provider.GetRequiredService<MeasurementWriter>());
        }
        services.AddQueue(configuration, publishes: roles.HasFlag(Roles.Intake), consumes: roles.HasFlag(Roles.Writer));
        if (roles.HasFlag(Roles.Intake))
            services.AddFleetRefresh().AddIntake();
        if (roles.HasFlag(Roles.Analysis))
            services.AddAnalysis().AddRolloutWorker();
        if (roles.HasFlag(Roles.Web))
            services.AddApi().AddWeb(configuration);
    }

    static void AddListeners(WebApplicationBuilder builder, Surroundings surroundings, Roles roles)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            var configuration = context.Configuration;
            kestrel.AddServerHeader = false;
            if (AgentsCertificate.IsNeeded(configuration))
            {
                var (certificate, chain) = AgentsCertificate.Load(configuration, surroundings.Time);
                kestrel.ConfigureHttpsDefaults(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain));
            }
            kestrel.UseAgentsListener(configuration, surroundings.Time);
        });
    }
}
