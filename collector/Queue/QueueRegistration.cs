using MassTransit;

namespace ProbeNet.Collector.Queue;

static class QueueRegistration
{
    const string Name = "Queue";

    public static bool HasBroker(IConfiguration configuration) => configuration.GetConnectionString(Name) is { Length: > 0 };

    /// <returns>Null where none is configured.</returns>
    /// <exception cref="InvalidDataException">It is no address of a broker. It is not repeated: it holds a password.</exception>
    public static Uri? BrokerOf(IConfiguration configuration)
    {
        if (!HasBroker(configuration))
            return null;
        return Uri.TryCreate(configuration.GetConnectionString(Name), UriKind.Absolute, out var broker) && broker.Scheme is "amqp" or "amqps"
            ? broker
            : throw new InvalidDataException("ConnectionStrings:Queue is no address of a broker: write it as amqp://user:password@host:5672/.");
    }

    /// <summary>The direct way, or RabbitMQ where ConnectionStrings:Queue names one. Register the writer before it: what stops last is what others need.</summary>
    /// <param name="publishes">This process has an intake.</param>
    /// <param name="consumes">This process has a writer, which is the <see cref="IBatchSink"/>.</param>
    public static IServiceCollection AddQueue(this IServiceCollection services, IConfiguration configuration, bool publishes, bool consumes)
    {
        services.AddOptions<QueueOptions>().BindConfiguration(QueueOptions.Section)
            .Validate(o => o is { Window: > 0, Prefetch: > 0 } && o.Patience > TimeSpan.Zero, "Collector:Queue: every value is above 0")
            .ValidateOnStart();
        if (BrokerOf(configuration) is not { } broker)
            return publishes ? services.AddSingleton<IBatchQueue, DirectQueue>() : services;
        if (!publishes && !consumes)
            return services;
        var options = configuration.GetSection(QueueOptions.Section).Get<QueueOptions>() ?? new();
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            // No broker at the start: keep trying, and let readiness say so.
            host.WaitUntilStarted = false;
            // A writer that waits for its store is interrupted: its batches go back to the queue.
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(5);
            host.StopTimeout = TimeSpan.FromSeconds(15);
        });
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            if (consumes)
                bus.AddConsumer<QueuedConsumer>();
            bus.UsingRabbitMq((context, rabbit) => Configure(context, rabbit, broker, options, consumes));
        });
        return publishes ? services.AddSingleton<IBatchQueue, BrokerQueue>() : services;
    }

    static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, Uri broker, QueueOptions options, bool consumes)
    {
        rabbit.Host(broker);
        var serializer = new OpaqueSerializer();
        rabbit.ClearSerialization();
        rabbit.AddSerializer(serializer);
        rabbit.AddDeserializer(serializer, isDefault: true);
        if (!consumes)
            return;
        rabbit.ReceiveEndpoint(BrokerQueue.Name, endpoint =>
        {
            endpoint.SetQuorumQueue();
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PrefetchCount = options.Prefetch;
            endpoint.ConcurrentMessageLimit = options.Prefetch;
            // What the writer did not commit goes back to the queue; what can never be stored, the writer parks itself.
            endpoint.PublishFaults = false;
            endpoint.RethrowFaultedMessages();
            endpoint.ConfigureConsumer<QueuedConsumer>(context);
        });
    }
}
