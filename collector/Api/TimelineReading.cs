using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>Time lines of a target, for one caller.</summary>
sealed class TimelineReading(UnitDays unitDays, ListTargets lists, ControlDays controls, EventReading events, CellRules rules, Publication publication, MatrixReading names)
{
    public const int DefaultDays = 30;
    const int MostDays = 92;

    /// <param name="domain">As a path has it: ASP.NET leaves an escaped slash as it is.</param>
    public async Task<(TimelineView? View, ProblemDetails? Problem)> OfAsync(Caller caller, Filter filter, string cc, string domain, CancellationToken ct)
    {
        var end = filter.Until ?? Midnight(publication.EndFor(caller, filter.AsOf));
        if (publication.WindowFor(caller, filter with { Since = filter.Since ?? Midnight(DayOf(end)).AddDays(-DefaultDays) }, out var fault) is not { } window)
            return (null, Problems.BadParameter(fault.Name, fault.Why));
        if (window.Days > MostDays)
            return (null, Problems.BadParameter("since", $"a time line has {MostDays} days at most."));
        (cc, domain) = (cc.ToUpperInvariant(), domain.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        var seen = PublishedDays.Of(await unitDays.OfTargetAsync(cc, domain, window, ct), publication.LeastFor(caller));
        var (told, _, problem) = await events.ListAsync(
            caller, new() { Domain = domain, Since = window.Start, Until = window.End, AsOf = filter.AsOf, Limit = Filter.MaximumLimit }, ct);
        if (problem is not null)
            return (null, problem);
        var isps = await lists.IspsAsync(cc, null, window, ct);
        var days = Enumerable.Range(0, window.Days).Select(i => CellsOf(seen.Where(day => day.Day == window.Since.AddDays(i)))).ToArray();
        var whole = CellsOf(seen);
        LaneView[] lanes = [.. isps.Select(isp => new LaneView(new(isp.Asn, names.NameOf(isp.Asn)), View(whole, isp), [.. days.Select(day => View(day, isp))]))];
        // That few looked at what no list asks for is not told either.
        var isKnown = caller.IsPublic ? lanes.Any(lane => lane.Cell.Units.Least > 0) : seen.Count > 0;
        if (!isKnown && (await lists.FindAsync(cc, domain, ct))?.Target != domain)
            return (null, Problems.NotFound($"{domain} is on no test list of {cc} and was not measured there in these days."));
        return (new(
            cc, domain, window.Start, window.End, lanes,
            await controls.OfAsync(seen.Count > 0 ? seen[0].Host : TargetName.Of(domain), window, ct), told), null);

        Dictionary<long, Cell> CellsOf(IEnumerable<UnitDay> unitDays) => CellSet.Of(unitDays, rules).ToDictionary(cell => cell.Asn);

        CellView View(Dictionary<long, Cell> cells, (long Asn, bool Measured) isp) =>
            publication.View(cells.GetValueOrDefault(isp.Asn) ?? CellJudge.Unmeasured(cc, domain, isp.Asn, isp.Measured).Cell, caller);
    }

    static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
