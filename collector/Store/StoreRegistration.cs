namespace ProbeNet.Collector.Store;

static class StoreRegistration
{
    /// <param name="store">Already open: whoever depends on the store can rely on its schema.</param>
    public static IServiceCollection AddStore(this IServiceCollection services, OpenStore store)
    {
        services.AddOptions<WriterOptions>().BindConfiguration(WriterOptions.Section)
            .Validate(o => o.Rows > 0 && o.MaximumRows >= o.Rows && o.Transactions > 0 && o.Linger >= TimeSpan.Zero,
                "Collector:Writer: Rows > 0, MaximumRows >= Rows, Transactions > 0, Linger >= 0")
            .ValidateOnStart();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section)
            .Validate(o => o.Links > TimeSpan.Zero && o.Late > TimeSpan.Zero && o.Measurements >= o.Late, "Collector:Retention: Links and Late > 0, Measurements >= Late")
            .ValidateOnStart();
        services.AddSingleton(store.Source);
        services.AddSingleton<WriterLoad>();
        return services;
    }

    /// <summary>The roles that write: the writer itself and what keeps the tables in shape.</summary>
    public static IServiceCollection AddMeasurementWriter(this IServiceCollection services)
    {
        services.AddSingleton<MeasurementWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<MeasurementWriter>());
        services.AddHostedService<StoreUpkeep>();
        return services;
    }
}
