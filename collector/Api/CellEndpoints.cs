using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace ProbeNet.Collector.Api;

/// <summary>/matrix, /aggregation and /cells: public, through <see cref="Publication"/>.</summary>
static class CellEndpoints
{
    public static readonly string[] MatrixParameters = ["cc", "asn", "domain", "category_code", "mechanism", "state", "since", "until", "min_units", "as_of"];

    public static readonly string[] AggregationParameters = ["axis_x", "axis_y", "grain", .. MatrixParameters];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/matrix", MatrixAsync).WithName("matrix").WithSummary("Sites and providers of a country; text/csv gives rows.")
            .WithMetadata(Takes.Public(MatrixParameters) with { NeedsCountry = true }).Produces<MatrixView>().Produces(StatusCodes.Status200OK, contentType: "text/csv");
        api.MapGet("/aggregation", AggregationAsync).WithName("aggregation").WithSummary("Cells of single days, counted along two axes.")
            .WithMetadata(Takes.Public(AggregationParameters)).Produces<AggregationView>();
        api.MapGet("/cells/{cc}/{domain}/{asn}", CellAsync).WithName("cell").WithSummary("One cell with everything that led to it.")
            .WithMetadata(Takes.Public("since", "until", "as_of")).Produces<ExplanationView>();
    }

    static async Task<IResult> MatrixAsync(HttpContext context, Asked asked, CellReading reading, KeptBodies bodies)
    {
        if (asked.Filter.Cc is null)
            return Results.Problem(Problems.BadParameter("cc", $"must be {FilterReader.Meaning("cc")}."));
        var (matrix, problem) = await reading.MatrixAsync(asked.Caller, asked.Filter, context.RequestAborted);
        return matrix is null ? Results.Problem(problem!)
            : WantsCsv(context.Request) ? Answer.OfCsv(MatrixCsv.Write(matrix), asked.Caller)
            : asked.Filter.Narrows ? Answer.OfJson(matrix, asked.Caller)
            : Answer.OfJson(await bodies.GetAsync(
                $"{asked.Caller.IsPublic} {matrix.Cc} {matrix.Since:O} {matrix.Until:O}", (body, cancel) => JsonSerializer.SerializeAsync(body, matrix, Json.Options, cancel), context.RequestAborted), asked.Caller);
    }

    static async Task<IResult> AggregationAsync(HttpContext context, Asked asked, AggregationReading reading)
    {
        var (view, problem) = await reading.OfAsync(asked.Caller, asked.Filter, context.RequestAborted);
        return view is null ? Results.Problem(problem!) : Answer.OfJson(view, asked.Caller);
    }

    static async Task<IResult> CellAsync(string cc, string domain, string asn, HttpContext context, Asked asked, CellReading reading)
    {
        if (!FilterReader.TryAsn(asn, out var number))
            return Results.Problem(Problems.BadParameter("asn", $"must be {FilterReader.Meaning("asn")}."));
        var (view, problem) = await reading.CellAsync(asked.Caller, asked.Filter, cc, domain, number, context.RequestAborted);
        return view is null ? Results.Problem(problem!) : Answer.OfJson(view, asked.Caller);
    }

    static bool WantsCsv(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        double Wish(string type) => accepted.Where(range => new MediaTypeHeaderValue(type).IsSubsetOf(range)).Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
        return Wish("text/csv") > Wish("application/json");
    }
}
