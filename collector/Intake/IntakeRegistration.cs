using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Intake;

static class IntakeRegistration
{
    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.AddOptions<IntakeOptions>().BindConfiguration(IntakeOptions.Section)
            .Validate(o => o is { Window: > 0, InFlight: > 0, BatchesPerSecond: > 0, Burst: > 0, EnrolmentsPerMinute: > 0 }, "Collector:Intake: every limit is above 0")
            .ValidateOnStart();
        services.AddSingleton<KeyRates>().AddSingleton<IntakeInstruments>().AddSingleton<AgentSessionParts>();
        services.AddGrpc(grpc =>
        {
            // What is larger than any envelope still gets a clear refusal, up to here.
            grpc.MaxReceiveMessageSize = 4 * Sealed.Sizes[^1];
            grpc.EnableDetailedErrors = false;
        });
        return services;
    }

    /// <summary>Who may say for whom it speaks.</summary>
    /// <exception cref="InvalidDataException">One of them is no address.</exception>
    public static IReadOnlySet<IPAddress> TrustedProxies(IConfiguration configuration) =>
        (configuration.GetSection("Collector:TrustedProxies").Get<string[]>() ?? [])
        .Select(text => IPAddress.TryParse(text, out var address) ? address : throw new InvalidDataException($"Collector:TrustedProxies: '{text}' is no IP address."))
        .ToHashSet();

    /// <summary>The agents' listener: marks its connections before TLS begins.</summary>
    public static void UseAgentsListener(this KestrelServerOptions kestrel, IConfiguration configuration, TimeProvider time)
    {
        var proxies = TrustedProxies(configuration);
        kestrel.Configure(configuration.GetSection("Kestrel")).Endpoint("Agents", endpoint =>
        {
            AgentsConnection.Use(endpoint.ListenOptions, proxies, time);
            // Without TLS nothing negotiates: gRPC then needs HTTP/2 at once, which is what a front speaks.
            if (!endpoint.IsHttps)
                endpoint.ListenOptions.Protocols = HttpProtocols.Http2;
        });
    }

    /// <summary>Before routing: the door rewrites the path.</summary>
    public static IApplicationBuilder UseSecretPath(this IApplicationBuilder app) => app.UseMiddleware<SecretPathDoor>();

    public static void MapIntake(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<AgentSessions>().Add(SecretPathDoor.Guard);
}
