namespace ProbeNet.Collector.Api;

/// <summary>/events and /attribution: public, through <see cref="Publication"/>.</summary>
static class EventEndpoints
{
    public static readonly string[] Parameters = ["cc", "asn", "domain", "category_code", "mechanism", "since", "until", "as_of", "limit", "cursor"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/events", ListAsync).WithName("events").WithSummary("Onsets and ends of blocking, merged over providers, latest day first.")
            .WithMetadata(Takes.Public(Parameters)).Produces<Page<EventView>>();
        api.MapGet("/events/{id}", FindAsync).WithName("event").WithSummary("One event; for analysts with what was said of it when.")
            .WithMetadata(Takes.Public("as_of")).Produces<EventDetail>();
        api.MapGet("/events.atom", FeedAsync).WithName("events.atom").WithSummary("The same as a feed.")
            .WithMetadata(Takes.Public("cc", "asn", "domain", "category_code", "mechanism")).Produces(StatusCodes.Status200OK, contentType: EventFeed.MediaType);
        api.MapGet("/attribution/{cc}", AttributionAsync).WithName("attribution").WithSummary("How the blocking of a country is organised.")
            .WithMetadata(Takes.Public("since", "until", "as_of")).Produces<AttributionView>();
    }

    static async Task<IResult> ListAsync(HttpContext context, Asked asked, EventReading reading)
    {
        var (events, next, problem) = await reading.ListAsync(asked.Caller, asked.Filter, context.RequestAborted);
        if (problem is not null)
            return Results.Problem(problem);
        if (next is { } cursor)
        {
            var query = QueryString.Create(context.Request.Query.Where(pair => pair.Key != "cursor").Append(new("cursor", cursor.ToString())));
            context.Response.Headers.Link = $"<{context.Request.Path}{query}>; rel=\"next\"";
        }
        return Answer.OfJson(new Page<EventView>(events), asked.Caller);
    }

    static async Task<IResult> FindAsync(string id, HttpContext context, Asked asked, EventReading reading) =>
        await reading.FindAsync(asked.Caller, id, asked.Filter.AsOf, context.RequestAborted) is { } detail ? Answer.OfJson(detail, asked.Caller)
            : Results.Problem(Problems.NotFound($"There is no event {id}, or nothing of it is published."));

    static async Task<IResult> FeedAsync(HttpContext context, Asked asked, EventReading reading)
    {
        var (events, _, problem) = await reading.ListAsync(asked.Caller, asked.Filter, context.RequestAborted);
        return problem is not null ? Results.Problem(problem)
            : Answer.OfText(EventFeed.Write(events, $"{context.Request.Scheme}://{context.Request.Host}"), EventFeed.MediaType, asked.Caller);
    }

    static async Task<IResult> AttributionAsync(string cc, HttpContext context, Asked asked, AttributionReading reading)
    {
        if (cc.Length != 2 || !cc.All(char.IsAsciiLetter))
            return Results.Problem(Problems.BadParameter("cc", $"must be {FilterReader.Meaning("cc")}."));
        var (view, problem) = await reading.OfAsync(asked.Caller, asked.Filter, cc.ToUpperInvariant(), context.RequestAborted);
        return view is null ? Results.Problem(problem!) : Answer.OfJson(view, asked.Caller);
    }
}
