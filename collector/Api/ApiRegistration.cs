using Npgsql;
using ProbeNet.Collector.Api.Dumps;
using ProbeNet.Collector.Api.Evidence;
using ProbeNet.Collector.Api.Exports;
using ProbeNet.Collector.Api.Streaming;
using ProbeNet.Collector.Api.Webhooks;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

static class ApiRegistration
{
    /// <summary>What the REST interface and the pages read with.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddOptions<PublicationOptions>().BindConfiguration(PublicationOptions.Section)
            .Validate(o => o.MinimumUnits is >= 1 and <= 1000 && o.Delay >= TimeSpan.Zero && o.Delay <= TimeSpan.FromDays(365), "Collector:Publication: MinimumUnits is 1 to 1000, Delay 00:00:00 to 365.00:00:00.")
            .ValidateOnStart();
        services.AddOptions<TimestampOptions>().BindConfiguration(TimestampOptions.Section)
            .Validate(o => o.Authority is null || (o.Authority.IsAbsoluteUri && o.Authority.Scheme is "http" or "https"), "Collector:Timestamps:Authority is an address as http://… or https://…")
            .ValidateOnStart();
        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        services.AddProblemDetails().AddExceptionHandler<RequestFaults>();
        services.AddOpenApi("v1", Description.Configure);
        services.AddHealthChecks().AddCheck<StoreHealth>("store", tags: [HealthEndpoints.Ready]);
        return services
            .AddSingleton<ApiKeys>().AddSingleton<SignIns>().AddSingleton<AccessLog>()
            .AddSingleton<MeasurementQueries>().AddSingleton<EvidenceQueries>().AddSingleton<LogQueries>().AddSingleton<HeadStamps>().AddSingleton<RowPublications>().AddSingleton<CoverageQueries>().AddSingleton<ListQueries>()
            .AddSingleton<Callers>().AddSingleton<Publication>().AddSingleton<MatrixReading>().AddSingleton<KeptBodies>().AddSingleton<CellReading>()
            .AddSingleton<RowReading>().AddSingleton<EvidenceReading>().AddSingleton<EventReading>().AddSingleton<AttributionReading>()
            .AddSingleton<CoverageReading>().AddSingleton<TimelineReading>().AddSingleton<CorrectionQueries>().AddSingleton<CorrectionReading>()
            .AddSingleton<AggregationReading>().AddSingleton<OoniMeasurements>().AddSingleton<OoniReading>()
            .AddSingleton<StateFolder>().AddSingleton<Attributions>().AddExports().AddDumps().AddStream().AddWebhooks().AddHostedService<HeadStamping>();
    }

    /// <summary>What GET has, HEAD has without its body (RFC 9110, 9.1): the server leaves the body out by itself. Before routing.</summary>
    public static void AnswerHead(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Items[typeof(HttpMethods)] = HttpMethods.Head;
        }
        return next(context);
    });

    /// <summary>The request was HEAD: what never ends need not begin.</summary>
    public static bool WantsHeadersOnly(this HttpContext context) => context.Items.ContainsKey(typeof(HttpMethods));

    public static void MapApi(this WebApplication app)
    {
        // Errors outside an endpoint (an unknown path, another method, a bug) are problems too.
        app.UseWhen(IsWeb, branch => branch.UseExceptionHandler());
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), branch => branch.UseStatusCodePages());
        var api = app.MapGroup("/api/v1").AddEndpointFilter(StoreAwayAsync).AddEndpointFilter(Asked.RefuseProblemsAsync)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
        CellEndpoints.Map(api);
        RowEndpoints.Map(api);
        CoverageEndpoints.Map(api);
        EventEndpoints.Map(api);
        RolloutEndpoints.Map(api);
        ExportEndpoints.Map(api);
        DumpEndpoints.Map(api);
        StreamEndpoint.Map(api);
        WebhookEndpoints.Map(api);
        HealthEndpoints.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json");
    }

    // gRPC has errors of its own.
    static bool IsWeb(HttpContext context) => context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true;

    static async ValueTask<object?> StoreAwayAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The store cannot be reached.", detail: "Nothing that was received is lost. Try again later.");
        }
    }
}
