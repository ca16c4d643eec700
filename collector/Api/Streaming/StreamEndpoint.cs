using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Streaming;

/// <summary>/stream: analysts and operators, logged by key when it begins.</summary>
static class StreamEndpoint
{
    public static IServiceCollection AddStream(this IServiceCollection services)
    {
        services.AddOptions<StreamOptions>().BindConfiguration(StreamOptions.Section)
            .Validate(o => o.Most is >= 1 and <= 10_000 && o.MostOfKey >= 1 && o.Heartbeat >= TimeSpan.FromSeconds(1) && o.Heartbeat <= TimeSpan.FromMinutes(5), "Collector:Stream: Most is 1 to 10000, MostOfKey at least 1, Heartbeat 00:00:01 to 00:05:00.")
            .ValidateOnStart();
        return services.AddSingleton<StreamReading>().AddSingleton<StreamSeats>().AddSingleton<StreamSignal>().AddHostedService(provider => provider.GetRequiredService<StreamSignal>());
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/stream", FollowAsync).WithName("stream").WithSummary("Changed cells and events as server-sent events; Last-Event-ID goes on where one was left.")
            .WithMetadata(Takes.Analysts("cc", "asn", "domain", "category_code", "mechanism")).Produces(StatusCodes.Status200OK, contentType: StreamAnswer.ContentType).ProducesProblem(StatusCodes.Status429TooManyRequests);

    static async Task<IResult> FollowAsync(HttpContext context, Asked asked, StreamSeats seats, AccessLog log)
    {
        StreamPosition? last = null;
        if (context.Request.Headers.TryGetValue("Last-Event-ID", out var id))
        {
            if (!StreamPosition.TryParse(id.ToString(), out var position))
                return Results.Problem(Problems.BadRequest("Last-Event-ID: must be the id of an item of this stream."));
            last = position;
        }
        if (context.WantsHeadersOnly())
            return Results.Text("", StreamAnswer.ContentType);
        if (seats.Take(asked.Caller.KeyId!) is not { } seat)
            return Results.Problem(Problems.TooMany("Too many follow the stream.", "End another stream of this key, or try again later."));
        context.Response.RegisterForDispose(seat);
        await log.WriteAsync(asked.Caller.KeyId!, "stream" + context.Request.QueryString, context.RequestAborted);
        return new StreamAnswer(asked.Caller, asked.Filter, last);
    }
}
