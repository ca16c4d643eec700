using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>
/// Counts along two axes, for one caller. What is counted are cells of single days as the caller sees them, so that no count is finer than
/// what stands in a matrix of that day.
/// </summary>
sealed class AggregationReading(CellReading cells, CellWindows countries, ObservationReader measurements, ListTargets lists, Publication publication)
{
    public const int MostDays = 92;
    public const int MostRows = 20_000;

    public const string Time = "time";

    /// <param name="With">Empty where no axis asks for it.</param>
    readonly record struct Counted(string Cc, CellView Cell, string CategoryCode, string Time, MeasuredWith With);

    /// <summary>An axis and the values that a cell has on it.</summary>
    static readonly Dictionary<string, Func<Counted, IEnumerable<string>>> PublicAxes = new(StringComparer.Ordinal)
    {
        [Time] = counted => [counted.Time],
        ["cc"] = counted => [counted.Cc],
        ["asn"] = counted => [Number(counted.Cell.Asn)],
        ["domain"] = counted => [counted.Cell.Domain],
        ["category_code"] = counted => [counted.CategoryCode],
        ["mechanism"] = counted => counted.Cell.Mechanisms.Count == 0 ? [""] : counted.Cell.Mechanisms,
        ["state"] = counted => [counted.Cell.State.Word()],
        ["access"] = counted => [counted.Cell.Access],
    };

    /// <summary>What single measurements tell. A cell counts at every value that one of its measurements has.</summary>
    static readonly Dictionary<string, Func<Counted, IEnumerable<string>>> AnalystAxes = new(StringComparer.Ordinal)
    {
        ["agent_version"] = counted => counted.With.AgentVersions.DefaultIfEmpty(""),
        ["resolver_asn"] = counted => counted.With.ResolverAsns.DefaultIfEmpty().Select(asn => asn == 0 ? "" : Number(asn)),
    };

    public static IEnumerable<string> AxesFor(Caller caller) => caller.IsPublic ? PublicAxes.Keys : PublicAxes.Keys.Concat(AnalystAxes.Keys);

    public static readonly string[] Grains = ["day", "week", "month"];

    public static bool IsAxis(string name) => PublicAxes.ContainsKey(name) || AnalystAxes.ContainsKey(name);

    /// <summary>For a sentence about what may be asked for.</summary>
    public static string AxisNames => $"{string.Join(", ", PublicAxes.Keys)}, and with an analyst's key {string.Join(", ", AnalystAxes.Keys)}";

    public async Task<(AggregationView? View, ProblemDetails? Problem)> OfAsync(Caller caller, Filter filter, CancellationToken ct)
    {
        var (axisX, axisY) = (filter.AxisX ?? Time, filter.AxisY ?? "state");
        if (axisX == axisY)
            return (null, Problems.BadParameter("axis_y", "must be another axis than axis_x."));
        var isExact = AnalystAxes.ContainsKey(axisX) || AnalystAxes.ContainsKey(axisY);
        if (isExact && caller.IsPublic)
            return (null, Problems.KeyNeeded());
        if (publication.WindowFor(caller, filter, out var fault) is not { } window)
            return (null, Problems.BadParameter(fault.Name, fault.Why));
        if (window.Days > MostDays)
            return (null, Problems.BadParameter("since", $"{MostDays} days at most are counted."));
        var grain = filter.Grain ?? Grains[0];
        var counts = new Dictionary<(string X, string Y), (int Cells, int Decided, int Blocked)>();
        var asOf = default(DateTimeOffset);
        var pages = isExact ? await lists.PagesAsync(ct) : null;
        foreach (var cc in filter.Cc is { } one ? [one] : await countries.CountriesAsync(ct))
            for (var day = window.Since; day < window.Until; day = day.AddDays(1))
            {
                var (matrix, problem) = await cells.MatrixAsync(caller, filter with { Cc = cc, Since = Midnight(day), Until = Midnight(day.AddDays(1)) }, ct);
                if (matrix is null)
                    return (null, problem);
                asOf = matrix.AsOf > asOf ? matrix.AsOf : asOf;
                var with = pages is null ? [] : await measurements.MeasuredWithAsync(cc, day, pages, ct);
                Add(counts, matrix, with, ValuesOn(axisX), ValuesOn(axisY), Label(day, grain));
            }
        var (xs, ys) = (Values(counts.Keys.Select(key => key.X), axisX, window, grain), Values(counts.Keys.Select(key => key.Y), axisY, window, grain));
        if ((long)xs.Count * ys.Count > MostRows)
            return (null, Problems.BadParameter("axis_x", $"{xs.Count} x {ys.Count} values are more than {MostRows}; narrow the filter, or take a coarser grain."));
        return (new(axisX, axisY, axisX == Time || axisY == Time ? grain : null, asOf, window.Start, window.End, xs, ys,
            [.. xs.SelectMany(x => ys.Select(y => Row(x, y, counts.GetValueOrDefault((x, y)))))], publication.Licence), null);
    }

    static AggregationRow Row(string x, string y, (int Cells, int Decided, int Blocked) count) => new(x, y, count.Cells, count.Decided, count.Blocked);

    static Func<Counted, IEnumerable<string>> ValuesOn(string axis) => PublicAxes.GetValueOrDefault(axis) ?? AnalystAxes[axis];

    static void Add(
        Dictionary<(string, string), (int Cells, int Decided, int Blocked)> counts, MatrixView matrix, Dictionary<(string, long), MeasuredWith> with,
        Func<Counted, IEnumerable<string>> x, Func<Counted, IEnumerable<string>> y, string time)
    {
        var categories = matrix.Targets.ToDictionary(target => target.Domain, target => target.CategoryCode, StringComparer.Ordinal);
        foreach (var cell in matrix.Cells)
        {
            var counted = new Counted(matrix.Cc, cell, categories[cell.Domain], time, with.GetValueOrDefault((cell.Domain, cell.Asn), MeasuredWith.Nothing));
            foreach (var left in x(counted))
                foreach (var right in y(counted))
                {
                    var (all, decided, blocked) = counts.GetValueOrDefault((left, right));
                    counts[(left, right)] = (all + 1, decided + (cell.State != CellState.Insufficient ? 1 : 0), blocked + (cell.State is CellState.Blocked or CellState.LikelyBlocked ? 1 : 0));
                }
        }
    }

    static string Number(long asn) => "AS" + asn.ToString(CultureInfo.InvariantCulture);

    // Of time all there are, whether anything was measured or not.
    static IReadOnlyList<string> Values(IEnumerable<string> found, string axis, CellWindow window, string grain) => axis == Time
        ? [.. Enumerable.Range(0, window.Days).Select(i => Label(window.Since.AddDays(i), grain)).Distinct()]
        : [.. found.Distinct(StringComparer.Ordinal).OrderBy(value => value.Length > 2 && value.StartsWith("AS", StringComparison.Ordinal) && long.TryParse(value.AsSpan(2), out var asn) ? asn : 0).ThenBy(value => value, StringComparer.Ordinal)];

    // A week begins on Monday.
    static string Label(DateOnly day, string grain) => (grain switch
    {
        "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        "month" => new(day.Year, day.Month, 1),
        _ => day,
    }).ToString(grain == "month" ? "yyyy-MM" : "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
