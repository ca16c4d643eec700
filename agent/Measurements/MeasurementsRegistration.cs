using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Agent.Probes.Quic;
using ProbeNet.Agent.Probes.Tcp;
using ProbeNet.Agent.Probes.Tls;

namespace ProbeNet.Agent.Measurements;

static class MeasurementsRegistration
{
    /// <summary>All that one measurement takes. Needs `AddIdentity`, and neither list nor enrolment.</summary>
    public static IServiceCollection AddMeasurements(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MeasurementOptions>()
            .Bind(configuration.GetSection(MeasurementOptions.Section))
            .Validate(options => options.IsValid(), "Agent:Resolvers are system, udp://IP[:port], tcp://IP, tls://HOST#IP or https://HOST/dns-query#IP; Agent:References are http:// or https:// pages; Agent:NonResolver is an IP address; Agent:HistoryDays is 0 to 30.")
            .ValidateOnStart();
        services.AddOptions<ProbesOptions>()
            .Bind(configuration.GetSection(ProbesOptions.Section))
            .Validate(options => options.ResidualWait >= TimeSpan.Zero, "Agent:Probes:ResidualWait must not be negative.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<MeasurementOptions>>().Value);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ProbesOptions>>().Value);
        services.AddOptions<LocalisationOptions>()
            .Bind(configuration.GetSection(LocalisationOptions.Section))
            .Validate(options => options.PerDay >= 0, "Agent:Localisation:PerDay must not be negative.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LocalisationOptions>>().Value);
        services.AddSingleton<WebTimes>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton<NetworkGuard>();
        services.AddProbes();
        services.AddSingleton<Lookup>();
        services.AddSingleton(provider => new ResidualBlocking(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ProbesOptions>().ResidualWait));
        services.AddSingleton<EndpointTry>();
        services.AddSingleton<SniComparison>();
        services.AddSingleton<Func<bool>>(OwnAddresses.HasIpv6);
        services.AddSingleton<ThrottleComparison>();
        services.AddSingleton<QuicTry>();
        services.AddSingleton<Localisation>();
        services.AddSingleton<WebMeasurement>();
        services.AddTransient<Random>(_ => new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        services.AddSingleton<ReferenceTry>();
        services.AddSingleton(provider => new NetworkChecks(
            provider.GetRequiredService<DnsProbe>(), provider.GetRequiredService<ReferenceTry>(), provider.GetRequiredService<ProbeSockets>(),
            provider.GetRequiredService<Func<bool>>(), () => provider.GetRequiredService<NetworkGuard>().Line() == LineKind.Tunnel,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Random>()));
        services.AddSingleton<Plans>();
        services.AddSingleton<SingleMeasurement>();
        services.AddSingleton<History>();
        services.AddOptions<BudgetOptions>()
            .Bind(configuration.GetSection(BudgetOptions.Section))
            .Validate(options => options.IsValid(), "Agent:Budget:BytesPerDay must not be negative.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<BudgetOptions>>().Value);
        services.AddOptions<ScheduleOptions>()
            .Bind(configuration.GetSection(ScheduleOptions.Section))
            .Validate(options => options.IsValid(), "Agent:Schedule: Interval, OtherInterval, Rate and Concurrency are above 0, Share is above 0 and at most 1, Jitter is 0 to 1.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ScheduleOptions>>().Value);
        services.AddStateFile("spent", Spent.Parser);
        services.AddSingleton<Budget>();
        services.AddStateFile("waiting", Waiting.Parser);
        services.AddStateFile("tasks", TaskTally.Parser);
        return services;
    }

    /// <summary>The schedule and what runs it, for the one process that measures. Needs `AddMeasurements`, lists and sealing.</summary>
    public static IServiceCollection AddMeasurementLoop(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<AddressMemory>();
        services.AddSingleton<Schedule>();
        services.AddSingleton<MeasuringState>();
        services.AddSingleton<MeasurementProgress>();
        services.AddSingleton<LeftOut>();
        services.AddSingleton<TaskDesk>();
        services.AddSingleton<MeasurementRun>();
        services.AddHostedService<MeasurementLoop>();
        return services;
    }

    static void AddProbes(this IServiceCollection services)
    {
        services.AddSingleton<TrafficMeter>();
        services.AddSingleton(_ => new SystemResolvers());
        services.AddSingleton(provider => new AddressPolicy(provider.GetRequiredService<OwnAddresses>().Subnets));
        services.AddSingleton(provider => new ProbeSockets(
            provider.GetRequiredService<AddressPolicy>(), provider.GetRequiredService<MeasurementOptions>().BoundAddress(),
            provider.GetRequiredService<TrafficMeter>()));
        services.AddSingleton(provider => new TcpProbe(
            provider.GetRequiredService<ProbeSockets>(), provider.GetRequiredService<WebTimes>().Connect));
        services.AddSingleton(provider => new TlsProbe(
            provider.GetRequiredService<TrafficMeter>(), provider.GetRequiredService<WebTimes>().Handshake));
        services.AddSingleton(provider => new HttpProbe(
            provider.GetRequiredService<WebTimes>().Request, () => RandomNumberGenerator.GetInt32(1 << 24) / (double)(1 << 24)));
        services.AddSingleton(provider => new QuicProbe(provider.GetRequiredService<ProbeSockets>(), provider.GetRequiredService<WebTimes>().Quic));
        services.AddSingleton(provider => new PathProbe(provider.GetRequiredService<ProbeSockets>(), provider.GetRequiredService<WebTimes>().Hop));
        services.AddSingleton(provider => new DnsProbe(
            provider.GetRequiredService<ProbeSockets>(), provider.GetRequiredService<TcpProbe>(), provider.GetRequiredService<TlsProbe>(),
            provider.GetRequiredService<SystemResolvers>(), DnsTimes.Ordinary, () => (ushort)RandomNumberGenerator.GetInt32(1 << 16)));
    }
}
