namespace ProbeNet.Collector.Api.Exports;

static class ExportRegistration
{
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddOptions<ExportJobOptions>().BindConfiguration(ExportJobOptions.Section)
            .Validate(o => o.Most is >= 1 and <= 1000 && o.MostOfKey >= 1 && o.Days >= 1 && o.Kept >= TimeSpan.FromHours(1), "Collector:Exports: Most is 1 to 1000, MostOfKey and Days at least 1, Kept at least 01:00:00.")
            .ValidateOnStart();
        return services.AddSingleton<ExportRows>().AddSingleton<ManifestWriting>().AddSingleton<ExportJobs>().AddHostedService<ExportWorker>();
    }
}
