using System.Globalization;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Dumps;

/// <summary>/dumps: cells and events of whole days as files, for everybody, as <see cref="Publication"/> shows them to everybody.</summary>
static class DumpEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/dumps", ListAsync).WithName("dumps").WithSummary("Public files of cells and events, a day each, latest first.")
            .WithMetadata(Takes.Public()).Produces<Page<DumpView>>();
        api.MapGet("/dumps/{day}", FindAsync).WithName("dump").WithSummary("The manifest of a day's files: hashes, columns, licence, former versions.")
            .WithMetadata(Takes.Public()).Produces<DumpManifest>();
        api.MapGet("/dumps/{day}/{version}/{name}", FileAsync).WithName("dump-file").WithSummary("One file of a version; its bytes never change.")
            .WithMetadata(Takes.Public()).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status410Gone);
    }

    static async Task<IResult> ListAsync(HttpContext context, Asked asked, DumpVersions versions) =>
        Answer.OfJson(new Page<DumpView>([.. (await versions.NewestAsync(context.RequestAborted)).Select(DumpView.Of)]), asked.Caller);

    static async Task<IResult> FindAsync(string day, HttpContext context, Asked asked, DumpVersions versions, Publication publication, Attributions attributions) =>
        await OfAsync(day, versions, context.RequestAborted) is { Count: > 0 } found
            ? Answer.OfJson(DumpManifest.Of(found, publication.Licence, await attributions.OfAsync(context.RequestAborted)), asked.Caller)
            : NoSuch(day);

    static async Task<IResult> FileAsync(string day, string version, string name, HttpContext context, Asked asked, DumpVersions versions, DumpMaker maker)
    {
        var found = await OfAsync(day, versions, context.RequestAborted);
        if (found.FirstOrDefault(one => one.Version.ToString(CultureInfo.InvariantCulture) == version) is not { } wanted || wanted.Files.FirstOrDefault(file => file.Name == name) is not { } file)
            return NoSuch($"{day}/{version}/{name}");
        if (wanted.Version != found[0].Version)
            return Results.Problem(Problems.Gone($"Version {found[0].Version} of the day took its place; the manifest has the hashes of both."));
        if (StoredFile.TryOpen(Path.Combine(maker.FolderOf(wanted.Day, wanted.Version), file.Name), name, file.Sha256) is not { } answer)
            return Results.Problem(Problems.Gone("The file was lost and is made again within the day."));
        context.Response.Headers.CacheControl = "public, max-age=86400, immutable";
        return answer;
    }

    static async Task<IReadOnlyList<DumpVersion>> OfAsync(string day, DumpVersions versions, CancellationToken ct) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) ? await versions.OfAsync(on, ct) : [];

    static IResult NoSuch(string what) => Results.Problem(Problems.NotFound($"There are no public files {what}: a day has some once it is over and published."));
}
