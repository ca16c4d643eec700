using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <param name="Discarded">Scheduled measurements that prove nothing.</param>
sealed record CoverageView(DateOnly Day, string Cc, long Asn, string? Name, Count Units, Count Targets, Count Runs, Count Discarded);

/// <param name="FirstDay">Ever measured from; for the public the first of the window's days on which enough volunteers measured, or null.</param>
sealed record IspSummary(
    long Asn, string? Name, string Cc, DateOnly? FirstDay, DateOnly? LastDay, Count Units, Count Targets, Count Runs, Count Discarded, IReadOnlyList<CellView>? Cells = null);

/// <summary>One network's controls on one day.</summary>
/// <param name="Asn">Null where the network is not known.</param>
/// <param name="Discarded">Measurements whose references failed.</param>
/// <param name="Dissents">Hosts of which it says otherwise than the others.</param>
/// <param name="Healthy">It can be relied on as a rule; what it says of one moment is weighed with the others' all the same.</param>
sealed record ControlRow(DateOnly Day, long? Asn, string? Name, int Hosts, long Measurements, long Reached, long Discarded, int Dissents, bool Healthy);

/// <summary>What was measured by how many, on which lists, against which controls, by which rules.</summary>
static class CoverageEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/coverage", CoverageAsync).WithName("coverage").WithSummary("Volunteers, targets and runs by day and provider.")
            .WithMetadata(Takes.Public("cc", "asn", "since", "until", "as_of")).Produces<Page<CoverageView>>();
        api.MapGet("/isps", IspsAsync).WithName("isps").WithSummary("Providers that were ever measured, with the figures of the window.")
            .WithMetadata(Takes.Public("cc", "since", "until", "as_of")).Produces<Page<IspSummary>>();
        api.MapGet("/isps/{asn}", IspAsync).WithName("isp").WithSummary("One provider with its cells.")
            .WithMetadata(Takes.Public("cc", "since", "until", "as_of")).Produces<IspSummary>();
        api.MapGet("/controls", ControlsAsync).WithName("controls").WithSummary("What controls of each network measured by day, and whether they can be relied on.")
            .WithMetadata(Takes.Public("since", "until", "as_of")).Produces<Page<ControlRow>>();
        api.MapGet("/lists", ListsAsync).WithName("lists").WithSummary("The newest release of each test list.")
            .WithMetadata(Takes.Public()).Produces<Page<ReleasedList>>();
        api.MapGet("/methods", (Asked asked, Publication publication, CellRules rules) => Answer.OfJson(MethodsView.Of(publication, rules), asked.Caller))
            .WithName("methods").WithSummary("The rules as they stand.").WithMetadata(Takes.Public()).Produces<MethodsView>();
    }

    static async Task<IResult> CoverageAsync(HttpContext context, Asked asked, CoverageReading reading) =>
        Answered(await reading.DaysAsync(asked.Caller, asked.Filter, context.RequestAborted), asked);

    static async Task<IResult> IspsAsync(HttpContext context, Asked asked, CoverageReading reading) =>
        Answered(await reading.IspsAsync(asked.Caller, asked.Filter, context.RequestAborted), asked);

    static async Task<IResult> IspAsync(string asn, HttpContext context, Asked asked, CoverageReading reading)
    {
        var (isp, problem) = await reading.IspAsync(asked.Caller, asked.Filter, asn, context.RequestAborted);
        return isp is null ? Results.Problem(problem!) : Answer.OfJson(isp, asked.Caller);
    }

    static async Task<IResult> ControlsAsync(HttpContext context, Asked asked, CoverageReading reading) =>
        Answered(await reading.ControlsAsync(asked.Caller, asked.Filter, context.RequestAborted), asked);

    static async Task<IResult> ListsAsync(HttpContext context, Asked asked, ListQueries queries) =>
        Answer.OfJson(new Page<ReleasedList>(await queries.ReleasedAsync(context.RequestAborted)), asked.Caller);

    static IResult Answered<T>((IReadOnlyList<T>? Items, ProblemDetails? Problem) read, Asked asked) =>
        read.Items is null ? Results.Problem(read.Problem!) : Answer.OfJson(new Page<T>(read.Items), asked.Caller);
}

/// <summary>The rules as they stand.</summary>
sealed record MethodsView(int RulesVersion, IReadOnlyList<RuleDescription> Rules, IReadOnlyList<string> States, int FloorRuns, TimeSpan Sustained, int MinimumUnits, TimeSpan Delay, string Licence)
{
    public static MethodsView Of(Publication publication, CellRules rules) => new(
        Analysis.Findings.Rules.Version,
        [.. Analysis.Findings.Rules.All.Select(rule => new RuleDescription(rule.Id, rule.Effect.ToString().ToLowerInvariant(), rule.Condition, rule.Source))],
        [.. Enum.GetValues<CellState>().Select(state => state.Word())], CellJudge.FloorRuns, rules.Sustained, publication.MinimumUnits, publication.Delay, publication.Licence);
}

sealed record RuleDescription(string Id, string Effect, string Condition, string Source);
