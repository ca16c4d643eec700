namespace ProbeNet.Collector.Queue;

static class QueueRegistration
{
    /// <summary>The direct way, or RabbitMQ where ConnectionStrings:Queue names one.</summary>
    /// <param name="publishes">This process has an intake.</param>
    /// <param name="consumes">This process has a writer, which is the <see cref="IBatchSink"/>.</param>
    public static IServiceCollection AddQueue(this IServiceCollection services, IConfiguration configuration, bool publishes, bool consumes)
    {
        services.AddOptions<QueueOptions>().BindConfiguration(QueueOptions.Section)
            .Validate(o => o is { Window: > 0, Prefetch: > 0 } && o.Patience > TimeSpan.Zero, "Collector:Queue: every value is above 0")
            .ValidateOnStart();
        if (publishes && !consumes)
            throw new InvalidOperationException("An intake without a writer needs a broker.");
        if (publishes)
            services.AddSingleton<IBatchQueue, DirectQueue>();
        return services;
    }
}
