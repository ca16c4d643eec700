using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <param name="Discarded">Scheduled measurements that prove nothing.</param>
sealed record CoverageView(DateOnly Day, string Cc, long Asn, string? Name, Count Units, Count Targets, Count Runs, Count Discarded);

/// <param name="FirstDay">For the public, null while too few volunteers are there.</param>
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

    static async Task<IResult> CoverageAsync(HttpContext context, Asked asked, CoverageQueries queries, Publication publication, MatrixReading names)
    {
        if (publication.WindowFor(asked.Caller, asked.Filter, out var fault) is not { } window)
            return Results.Problem(Problems.BadParameter(fault.Name, fault.Why));
        var rows = await queries.DaysAsync(asked.Filter.Cc, asked.Filter.Asn, window.Since, window.Until, context.RequestAborted);
        return Answer.OfJson(new Page<CoverageView>([.. rows.Select(row =>
        {
            Count Of(int number) => publication.View(number, row.Units, asked.Caller);
            return new CoverageView(row.Day, row.Cc, row.Asn, names.NameOf(row.Asn), Of(row.Units), Of(row.Targets), Of(row.Runs), Of(row.Discarded));
        })]), asked.Caller);
    }

    static async Task<IResult> IspsAsync(HttpContext context, Asked asked, CoverageQueries queries, Publication publication, MatrixReading names)
    {
        if (publication.WindowFor(asked.Caller, asked.Filter, out var fault) is not { } window)
            return Results.Problem(Problems.BadParameter(fault.Name, fault.Why));
        var rows = await queries.IspsAsync(asked.Filter.Cc, null, window.Since, window.Until, context.RequestAborted);
        return Answer.OfJson(new Page<IspSummary>([.. rows.Select(row => Summary(row, publication, names, asked.Caller))]), asked.Caller);
    }

    static async Task<IResult> IspAsync(string asn, HttpContext context, Asked asked, CoverageQueries queries, Publication publication, MatrixReading names, CellReading cells)
    {
        if (!FilterReader.TryAsn(asn, out var number))
            return Results.Problem(Problems.BadParameter("asn", $"must be {FilterReader.Meaning("asn")}."));
        if (publication.WindowFor(asked.Caller, asked.Filter, out var fault) is not { } window)
            return Results.Problem(Problems.BadParameter(fault.Name, fault.Why));
        var rows = await queries.IspsAsync(asked.Filter.Cc, number, window.Since, window.Until, context.RequestAborted);
        // An AS in two countries is shown where more was measured.
        if (rows.MaxBy(row => row.Runs) is not { } isp)
            return Results.Problem(Problems.NotFound($"Nothing was ever measured from AS{number}."));
        var (matrix, problem) = await cells.MatrixAsync(asked.Caller, asked.Filter with { Cc = isp.Cc, Asn = number }, context.RequestAborted);
        return matrix is null ? Results.Problem(problem!)
            : Answer.OfJson(Summary(isp, publication, names, asked.Caller) with { Cells = matrix.Cells }, asked.Caller);
    }

    static async Task<IResult> ControlsAsync(HttpContext context, Asked asked, ControlDays controls, Publication publication, MatrixReading names)
    {
        if (publication.WindowFor(asked.Caller, asked.Filter, out var fault) is not { } window)
            return Results.Problem(Problems.BadParameter(fault.Name, fault.Why));
        return Answer.OfJson(new Page<ControlRow>([.. (await controls.HealthAsync(window.Since, window.Until, context.RequestAborted)).Select(day =>
        {
            var asn = day.Network.StartsWith("AS", StringComparison.Ordinal) ? long.Parse(day.Network.AsSpan(2), CultureInfo.InvariantCulture) : (long?)null;
            return new ControlRow(day.Day, asn, asn is { } known ? names.NameOf(known) : null, day.Hosts, day.Measurements, day.Reached, day.Discarded, day.Dissents, day.IsHealthy);
        })]), asked.Caller);
    }

    static async Task<IResult> ListsAsync(HttpContext context, Asked asked, ListQueries queries) =>
        Answer.OfJson(new Page<ReleasedList>(await queries.ReleasedAsync(context.RequestAborted)), asked.Caller);

    static IspSummary Summary(IspRow row, Publication publication, MatrixReading names, Caller caller)
    {
        Count Of(int number) => publication.View(number, row.Units, caller);
        var shown = !Of(row.Units).IsHidden;
        return new(row.Asn, names.NameOf(row.Asn), row.Cc, shown ? row.FirstDay : null, shown ? row.LastDay : null,
            Of(row.Units), Of(row.Targets), Of(row.Runs), Of(row.Discarded));
    }
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
