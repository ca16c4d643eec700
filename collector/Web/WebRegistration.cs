using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

static class WebRegistration
{
    /// <summary>The pages; <see cref="ApiRegistration.AddApi"/> brings what they read with.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddOptions<WebOptions>().BindConfiguration(WebOptions.Section);
        return services.AddSingleton<Layout>().AddSingleton<MatrixPage>().AddSingleton<CellPage>().AddSingleton<Pages>();
    }

    public static void MapWeb(this WebApplication app)
    {
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), branch => branch.Use(SecurityHeaders.AddAsync));
        var pages = app.MapGroup("").AddEndpointFilter(PageProblems.ShowAsync).ExcludeFromDescription();
        pages.MapGet("/", MatrixAsync).WithMetadata(Takes.Public(MatrixFilters.Parameters));
        pages.MapGet("/matrix", MatrixAsync).WithMetadata(Takes.Public(MatrixFilters.Parameters));
        pages.MapGet("/matrix.csv", CsvAsync).WithMetadata(Takes.Public(MatrixFilters.Parameters));
        pages.MapGet("/cells/{cc}/{domain}/{asn}", CellAsync).WithMetadata(Takes.Public("since", "until", "as_of"));
        pages.MapGet("/measurements", RowsAsync).WithMetadata(Takes.Analysts(RowEndpoints.Parameters));
        pages.MapGet("/measurements/{uid:guid}", RowAsync).WithMetadata(Takes.Analysts());
        pages.MapGet("/rollouts", RolloutsAsync).WithMetadata(Takes.Analysts());
        SignInEndpoints.Map(pages);
        Assets.Map(app);
    }

    static Task<IResult> MatrixAsync(HttpContext context, Asked asked, Pages pages) => pages.MatrixAsync(asked, context.RequestAborted);

    static async Task<IResult> CsvAsync(HttpContext context, Asked asked, CellReading reading, Pages pages)
    {
        var filter = asked.Filter with { Cc = asked.Filter.Cc ?? await pages.CountryAsync(context.RequestAborted) };
        var (matrix, problem) = await reading.MatrixAsync(asked.Caller, filter, context.RequestAborted);
        if (matrix is null)
            return Results.Problem(problem!);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"matrix-{matrix.Cc}-{matrix.Since:yyyyMMdd}-{matrix.Until:yyyyMMdd}.csv\"";
        return Answer.OfCsv(MatrixCsv.Write(matrix), asked.Caller);
    }

    static Task<IResult> CellAsync(string cc, string domain, string asn, HttpContext context, Asked asked, Pages pages) =>
        pages.CellAsync(asked, cc, domain, asn, context.RequestAborted);

    static Task<IResult> RowsAsync(HttpContext context, Asked asked, Pages pages) => pages.RowsAsync(asked, context.Request, context.RequestAborted);

    static Task<IResult> RowAsync(Guid uid, HttpContext context, Asked asked, Pages pages) => pages.RowAsync(asked, uid, context.RequestAborted);

    static Task<IResult> RolloutsAsync(HttpContext context, Asked asked, Pages pages) => pages.RolloutsAsync(asked, context.RequestAborted);
}
