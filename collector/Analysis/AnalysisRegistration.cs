using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Analysis.Reanalysis;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

static class AnalysisRegistration
{
    /// <summary>What readers of the analysis need; commands and pages add this alone.</summary>
    public static IServiceCollection AddAnalysisQueries(this IServiceCollection services)
    {
        services.AddOptions<AnalysisOptions>().BindConfiguration(AnalysisOptions.Section)
            .Validate(o => o.Sustained >= TimeSpan.Zero && o.Poll > TimeSpan.Zero, "Collector:Analysis: Sustained >= 0, Poll > 0");
        services.AddSingleton(provider => ConfiguredFiles.Fingerprints(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => ConfiguredFiles.Canaries(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => ConfiguredFiles.Calendar(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AnalysisOptions>>().Value.Rules);
        services.AddSingleton<UnitDays>();
        services.AddSingleton<CellTable>();
        services.AddSingleton<CellWindows>();
        services.AddSingleton<ControlDays>();
        services.AddSingleton<ListTargets>();
        services.AddSingleton<ObservationReader>();
        services.AddSingleton<DirtyDays>();
        services.AddSingleton<CellQueries>();
        services.AddSingleton<FindingQueries>();
        services.AddSingleton<AttributionQueries>();
        services.AddSingleton<MoveQueries>();
        return services;
    }

    /// <summary>What computes days again, for a command beside a running `serve` too.</summary>
    public static IServiceCollection AddReanalysis(this IServiceCollection services)
    {
        services.AddTaskBounds();
        services.AddSingleton<AnalysisInstruments>();
        services.AddSingleton<CellUpkeep>();
        services.AddSingleton<EventUpkeep>();
        services.AddSingleton<HostJudging>();
        services.AddSingleton<ReanalysisRun>();
        return services;
    }

    /// <summary>The role that computes.</summary>
    public static IServiceCollection AddAnalysis(this IServiceCollection services)
    {
        services.AddReanalysis();
        services.AddSingleton<DayAnalysis>();
        services.AddSingleton<LogAnalysis>();
        services.AddSingleton<WindowUpkeep>();
        services.AddSingleton<MoveUpkeep>();
        services.TryAddSingleton<AgentKeys>();
        services.AddSingleton<TrustUpkeep>();
        services.AddSingleton<AnalysisWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<AnalysisWorker>());
        return services;
    }
}
