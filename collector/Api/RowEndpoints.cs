using ProbeNet.Collector.Api.Evidence;

namespace ProbeNet.Collector.Api;

/// <summary>/measurements: analysts alone, and every read is logged by key. /published: what a named person made everybody's.</summary>
static class RowEndpoints
{
    public static readonly string[] Parameters = ["cc", "asn", "domain", "category_code", "mechanism", "since", "until", "as_of", "limit", "cursor"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/measurements", ListAsync).WithName("measurements").WithSummary("Measurements, oldest first.")
            .WithMetadata(Takes.Analysts(Parameters)).Produces<Page<RowView>>();
        api.MapGet("/measurements/{uid:guid}", FindAsync).WithName("measurement").WithSummary("One measurement with observations and controls.")
            .WithMetadata(Takes.Analysts()).Produces<RowDetail>();
        api.MapGet("/measurements/{uid:guid}/evidence", EvidenceAsync).WithName("evidence").WithSummary("The evidence bundle of one measurement.")
            .WithMetadata(Takes.Analysts("circumstance")).Produces(StatusCodes.Status200OK, contentType: "application/zip");
        api.MapGet("/published", PublishedAsync).WithName("published").WithSummary("Single measurements that a named person made public, by their day.")
            .WithMetadata(Takes.Public()).Produces<Page<PublishedRowView>>();
    }

    static async Task<IResult> PublishedAsync(HttpContext context, Asked asked, RowReading reading) =>
        Answer.OfJson(new Page<PublishedRowView>(await reading.PublishedAsync(asked.Caller, context.RequestAborted)), asked.Caller);

    static async Task<IResult> ListAsync(HttpContext context, Asked asked, RowReading reading)
    {
        var (rows, next) = await reading.ListAsync(asked.Caller, asked.Filter, "measurements" + context.Request.QueryString, context.RequestAborted);
        if (next is { } cursor)
        {
            var query = QueryString.Create(context.Request.Query.Where(pair => pair.Key != "cursor").Append(new("cursor", cursor.ToString())));
            context.Response.Headers.Link = $"<{context.Request.Path}{query}>; rel=\"next\"";
        }
        return Answer.OfJson(new Page<RowView>(rows), asked.Caller);
    }

    static async Task<IResult> FindAsync(Guid uid, HttpContext context, Asked asked, RowReading reading) =>
        await reading.FindAsync(asked.Caller, uid, context.RequestAborted) is { } detail ? Answer.OfJson(detail, asked.Caller) : NoSuch(uid);

    static async Task<IResult> EvidenceAsync(Guid uid, HttpContext context, Asked asked, EvidenceReading evidence)
    {
        if (await evidence.BundleAsync(asked.Caller, uid, asked.Filter.Circumstance, context.RequestAborted) is not { } bundle)
            return NoSuch(uid);
        context.Response.Headers.CacheControl = "private, no-store";
        return Results.File(bundle, "application/zip", $"evidence-{uid}.zip");
    }

    static IResult NoSuch(Guid uid) => Results.Problem(Problems.NotFound($"There is no measurement {uid}: it never was, was withdrawn by its volunteer, or is past retention."));
}
