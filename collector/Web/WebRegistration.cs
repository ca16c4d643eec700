using Microsoft.Extensions.Options;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

static class WebRegistration
{
    /// <summary>The pages; <see cref="ApiRegistration.AddApi"/> brings what they read with.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebOptions>().BindConfiguration(WebOptions.Section);
        return services.AddCompression().AddProviderSignIn(configuration).AddSingleton<Layout>().AddSingleton<PageFrame>().AddSingleton<DocumentNote>().AddSingleton<MatrixPage>().AddSingleton<CellPage>()
            .AddSingleton<Pages>().AddSingleton<EventPages>().AddSingleton<CountryPages>().AddSingleton<ChartPages>().AddSingleton<DumpPages>();
    }

    public static void MapWeb(this WebApplication app)
    {
        app.UseCompression();
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), branch => branch.Use(SecurityHeaders.AddAsync));
        if (app.Services.GetRequiredService<IOptions<SignInOptions>>().Value.IsOn)
            app.UseAuthentication();
        var pages = app.MapGroup("").AddEndpointFilter(PageProblems.ShowAsync).ExcludeFromDescription();
        pages.MapGet("/", (HttpContext context, Asked asked, EventPages pages) => pages.OverviewAsync(asked, context)).WithMetadata(Public("cc", "as_of"));
        pages.MapGet("/matrix", (HttpContext context, Asked asked, Pages pages) => pages.MatrixAsync(asked, context)).WithMetadata(Public([.. MatrixFilters.Parameters, "sort", "compare"]));
        pages.MapGet("/matrix.csv", CsvAsync).WithMetadata(Takes.Public(MatrixFilters.Parameters));
        pages.MapGet("/cells/{cc}/{domain}", (string cc, string domain, HttpContext context, Asked asked, CountryPages pages) => pages.TimelineAsync(cc, domain, asked, context)).WithMetadata(Public("since", "until", "as_of"));
        pages.MapGet("/cells/{cc}/{domain}/chart.svg", (string cc, string domain, HttpContext context, Asked asked, ChartPages pages) => pages.TimelineChartAsync(cc, domain, asked, context)).WithMetadata(Public("since", "until", "as_of"));
        pages.MapGet("/cells/{cc}/{domain}/{asn}", (string cc, string domain, string asn, HttpContext context, Asked asked, Pages pages) => pages.CellAsync(cc, domain, asn, asked, context)).WithMetadata(Public("since", "until", "as_of"));
        pages.MapGet("/events", (HttpContext context, Asked asked, EventPages pages) => pages.ListAsync(asked, context)).WithMetadata(Public(EventEndpoints.Parameters));
        pages.MapGet("/events/{id}", (string id, HttpContext context, Asked asked, EventPages pages) => pages.OneAsync(id, asked, context)).WithMetadata(Public("as_of"));
        pages.MapGet("/explore", (HttpContext context, Asked asked, ChartPages pages) => pages.ExploreAsync(asked, context)).WithMetadata(Public(CellEndpoints.AggregationParameters));
        pages.MapGet("/explore.svg", (HttpContext context, Asked asked, ChartPages pages) => pages.ExploreChartAsync(asked, context)).WithMetadata(Public(CellEndpoints.AggregationParameters));
        pages.MapGet("/corrections", (HttpContext context, Asked asked, EventPages pages) => pages.CorrectionsAsync(asked, context)).WithMetadata(Public("cc", "as_of"));
        pages.MapGet("/attribution/{cc?}", (string? cc, HttpContext context, Asked asked, CountryPages pages) => pages.OrganisationAsync(cc, asked, context)).WithMetadata(Public("cc", "since", "until", "as_of"));
        pages.MapGet("/attribution/{cc}/onsets.svg", (string cc, HttpContext context, Asked asked, ChartPages pages) => pages.OnsetChartAsync(cc, asked, context)).WithMetadata(Public("since", "until", "as_of"));
        pages.MapGet("/attribution/{cc}/paths.svg", (string cc, HttpContext context, Asked asked, ChartPages pages) => pages.PathChartAsync(cc, asked, context)).WithMetadata(Public("since", "until", "as_of"));
        pages.MapGet("/isps", (HttpContext context, Asked asked, CountryPages pages) => pages.IspsAsync(asked, context)).WithMetadata(Public("cc", "since", "until", "as_of"));
        pages.MapGet("/isps/{asn}", (string asn, HttpContext context, Asked asked, CountryPages pages) => pages.IspAsync(asn, asked, context)).WithMetadata(Public("cc", "since", "until", "as_of"));
        pages.MapGet("/coverage", (HttpContext context, Asked asked, CountryPages pages) => pages.CoverageAsync(asked, context)).WithMetadata(Public("cc", "asn", "since", "until", "as_of"));
        pages.MapGet("/dumps", (HttpContext context, Asked asked, DumpPages pages) => pages.ListAsync(asked, context)).WithMetadata(Public());
        pages.MapGet("/measurements", (HttpContext context, Asked asked, Pages pages) => pages.RowsAsync(asked, context)).WithMetadata(Analysts(RowEndpoints.Parameters));
        pages.MapGet("/measurements/{uid:guid}", (Guid uid, HttpContext context, Asked asked, Pages pages) => pages.RowAsync(uid, asked, context)).WithMetadata(Analysts());
        pages.MapGet("/ooni", (HttpContext context, Asked asked, Pages pages) => pages.OoniAsync(asked, context)).WithMetadata(Analysts("cc", "asn", "domain", "since", "until", "as_of"));
        pages.MapGet("/rollouts", (HttpContext context, Asked asked, Pages pages) => pages.RolloutsAsync(asked, context)).WithMetadata(Analysts());
        SignInEndpoints.Map(pages);
        Assets.Map(app);
    }

    /// <summary>A page takes a language besides.</summary>
    public static Takes Public(params string[] parameters) => Takes.Public([.. parameters, "lang"]);

    static Takes Analysts(params string[] parameters) => Takes.Analysts([.. parameters, "lang"]);

    static async Task<IResult> CsvAsync(HttpContext context, Asked asked, CellReading reading, Pages pages)
    {
        var filter = asked.Filter with { Cc = asked.Filter.Cc ?? await pages.CountryAsync(context.RequestAborted) };
        var (matrix, problem) = await reading.MatrixAsync(asked.Caller, filter, context.RequestAborted);
        if (matrix is null)
            return Results.Problem(problem!);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"matrix-{matrix.Cc}-{matrix.Since:yyyyMMdd}-{matrix.Until:yyyyMMdd}.csv\"";
        return Answer.OfCsv(MatrixCsv.Write(matrix), asked.Caller);
    }
}
