using System.Globalization;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Exchange;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>/exports: analysts alone. An analyst sees his own, an operator all. What holds rows is logged by key when it is asked for and when it is fetched.</summary>
static class ExportEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/exports", AskAsync).WithName("ask-export").WithSummary("Asks for an export: kind (cells, events, rows, ooni), format (csv, jsonl, parquet), since, until and filters by their usual names.")
            .WithMetadata(Takes.Analysts(), new BodyExample("""{"kind": "cells", "format": "parquet", "cc": "KH", "since": "2026-03-01", "until": "2026-03-31"}""")).Accepts<Dictionary<string, string>>("application/json").Produces<ExportView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/exports", ListAsync).WithName("exports").WithSummary("Exports that are kept.").WithMetadata(Takes.Analysts()).Produces<Page<ExportView>>();
        api.MapGet("/exports/{id}", FindAsync).WithName("export").WithSummary("One export and how far it is.").WithMetadata(Takes.Analysts()).Produces<ExportView>();
        api.MapDelete("/exports/{id}", RemoveAsync).WithName("remove-export").WithSummary("Ends an export and removes its files.")
            .WithMetadata(Takes.Analysts()).Produces(StatusCodes.Status204NoContent);
        api.MapGet("/exports/{id}/files/{name}", FileAsync).WithName("export-file").WithSummary("One file of an export, or its manifest.")
            .WithMetadata(Takes.Analysts()).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
    }

    static async Task<IResult> AskAsync(HttpContext context, Asked asked, ExportJobs jobs, Publication publication, AccessLog log, IOptions<ExportJobOptions> options)
    {
        var ct = context.RequestAborted;
        var (request, problem) = await ExportRequest.ReadAsync(context.Request, ct);
        if (request is null)
            return Results.Problem(problem!);
        if (publication.WindowFor(asked.Caller, request.Filter, out var fault) is not { } window)
            return Results.Problem(Problems.BadParameter(fault.Name, fault.Why));
        if (window.Days > options.Value.Days)
            return Results.Problem(Problems.BadParameter("since", $"an export has {options.Value.Days} days at most."));
        await log.WriteAsync(asked.Caller.KeyId!, string.Create(CultureInfo.InvariantCulture,
            $"export {request.Kind.Name} {window.Since:yyyy-MM-dd} to {window.Until:yyyy-MM-dd} {string.Join(' ', request.Given.Select(filter => $"{filter.Key}={filter.Value}"))}").TrimEnd(), ct);
        if (await jobs.AskAsync(asked.Caller, request.Kind, request.Format, request.Given, window, ct) is not { } state)
            return Results.Problem(Problems.TooMany("There are too many exports.", $"{options.Value.MostOfKey} are kept for a key, {options.Value.Most} in all. Remove one, or wait until one is past its days."));
        context.Response.Headers.CacheControl = "private, no-store";
        return Results.Created($"/api/v1/exports/{state.Job.Id}", state.View(jobs.Kept));
    }

    static async Task<IResult> ListAsync(HttpContext context, Asked asked, ExportJobs jobs) =>
        Answer.OfJson(new Page<ExportView>([.. (await jobs.AllAsync(context.RequestAborted)).Where(state => IsFor(state, asked.Caller)).Select(state => state.View(jobs.Kept))]), asked.Caller);

    static async Task<IResult> FindAsync(string id, HttpContext context, Asked asked, ExportJobs jobs) =>
        await OwnAsync(id, asked, jobs, context.RequestAborted) is { } state ? Answer.OfJson(state.View(jobs.Kept), asked.Caller) : NoSuch(id);

    static async Task<IResult> RemoveAsync(string id, HttpContext context, Asked asked, ExportJobs jobs) =>
        await OwnAsync(id, asked, jobs, context.RequestAborted) is { } state && jobs.Remove(state.Job.Id) ? Results.NoContent() : NoSuch(id);

    static async Task<IResult> FileAsync(string id, string name, HttpContext context, Asked asked, ExportJobs jobs, AccessLog log)
    {
        if (await OwnAsync(id, asked, jobs, context.RequestAborted) is not { } state)
            return NoSuch(id);
        var part = state.Manifest.Partitions.FirstOrDefault(part => part.Name == name);
        if (part is null && name != ExportFolder.ManifestName)
            return Results.Problem(Problems.NotFound($"The export has no file {name}, or not yet."));
        await log.WriteAsync(asked.Caller.KeyId!, $"export {state.Job.Kind} {id} {name}", context.RequestAborted);
        context.Response.Headers.CacheControl = "private, no-cache";
        return StoredFile.TryOpen(jobs.FileOf(state, name), name, part?.Sha256) ?? NoSuch(id);
    }

    static async Task<ExportState?> OwnAsync(string id, Asked asked, ExportJobs jobs, CancellationToken ct) =>
        await jobs.FindAsync(id, ct) is { } state && IsFor(state, asked.Caller) ? state : null;

    static bool IsFor(ExportState state, Caller caller) => caller.Role == ApiRole.Operator || state.Job.KeyId == caller.KeyId;

    static IResult NoSuch(string id) => Results.Problem(Problems.NotFound($"There is no export {id}: it never was, was removed, or is past the days for which exports are kept."));
}
