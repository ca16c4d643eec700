using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>
/// Counts along two axes, for one caller. What is counted are cells of single days as the caller sees them, so that no count is finer than
/// what stands in a matrix of that day.
/// </summary>
sealed class AggregationReading(CellReading cells, CellWindows countries, Publication publication)
{
    public const int MostDays = 92;
    public const int MostRows = 20_000;

    public const string Time = "time";

    /// <summary>An axis and the values that a cell has on it.</summary>
    static readonly Dictionary<string, Func<MatrixView, CellView, string, string, IEnumerable<string>>> AxisValues = new(StringComparer.Ordinal)
    {
        [Time] = (_, _, _, time) => [time],
        ["cc"] = (matrix, _, _, _) => [matrix.Cc],
        ["asn"] = (_, cell, _, _) => ["AS" + cell.Asn.ToString(CultureInfo.InvariantCulture)],
        ["domain"] = (_, cell, _, _) => [cell.Domain],
        ["category_code"] = (_, _, category, _) => [category],
        ["mechanism"] = (_, cell, _, _) => cell.Mechanisms.Count == 0 ? [""] : cell.Mechanisms,
        ["state"] = (_, cell, _, _) => [cell.State.Word()],
        ["access"] = (_, cell, _, _) => [cell.Access],
    };

    public static IEnumerable<string> Axes => AxisValues.Keys;

    public static readonly string[] Grains = ["day", "week", "month"];

    public static bool IsAxis(string name) => AxisValues.ContainsKey(name);

    public async Task<(AggregationView? View, ProblemDetails? Problem)> OfAsync(Caller caller, Filter filter, CancellationToken ct)
    {
        var (axisX, axisY) = (filter.AxisX ?? Time, filter.AxisY ?? "state");
        if (axisX == axisY)
            return (null, Problems.BadParameter("axis_y", "must be another axis than axis_x."));
        if (publication.WindowFor(caller, filter, out var fault) is not { } window)
            return (null, Problems.BadParameter(fault.Name, fault.Why));
        if (window.Days > MostDays)
            return (null, Problems.BadParameter("since", $"{MostDays} days at most are counted."));
        var grain = filter.Grain ?? Grains[0];
        var counts = new Dictionary<(string X, string Y), (int Cells, int Decided, int Blocked)>();
        var asOf = default(DateTimeOffset);
        foreach (var cc in filter.Cc is { } one ? [one] : await countries.CountriesAsync(ct))
            for (var day = window.Since; day < window.Until; day = day.AddDays(1))
            {
                var (matrix, problem) = await cells.MatrixAsync(caller, filter with { Cc = cc, Since = Midnight(day), Until = Midnight(day.AddDays(1)) }, ct);
                if (matrix is null)
                    return (null, problem);
                asOf = matrix.AsOf > asOf ? matrix.AsOf : asOf;
                Add(counts, matrix, AxisValues[axisX], AxisValues[axisY], Label(day, grain));
            }
        var (xs, ys) = (Values(counts.Keys.Select(key => key.X), axisX, window, grain), Values(counts.Keys.Select(key => key.Y), axisY, window, grain));
        if ((long)xs.Count * ys.Count > MostRows)
            return (null, Problems.BadParameter("axis_x", $"{xs.Count} x {ys.Count} values are more than {MostRows}; narrow the filter, or take a coarser grain."));
        return (new(axisX, axisY, axisX == Time || axisY == Time ? grain : null, asOf, window.Start, window.End, xs, ys,
            [.. xs.SelectMany(x => ys.Select(y => Row(x, y, counts.GetValueOrDefault((x, y)))))], publication.Licence), null);
    }

    static AggregationRow Row(string x, string y, (int Cells, int Decided, int Blocked) count) => new(x, y, count.Cells, count.Decided, count.Blocked);

    static void Add(
        Dictionary<(string, string), (int Cells, int Decided, int Blocked)> counts, MatrixView matrix,
        Func<MatrixView, CellView, string, string, IEnumerable<string>> x, Func<MatrixView, CellView, string, string, IEnumerable<string>> y, string time)
    {
        var categories = matrix.Targets.ToDictionary(target => target.Domain, target => target.CategoryCode, StringComparer.Ordinal);
        foreach (var cell in matrix.Cells)
        {
            var category = categories[cell.Domain];
            foreach (var left in x(matrix, cell, category, time))
                foreach (var right in y(matrix, cell, category, time))
                {
                    var (all, decided, blocked) = counts.GetValueOrDefault((left, right));
                    counts[(left, right)] = (all + 1, decided + (cell.State != CellState.Insufficient ? 1 : 0), blocked + (cell.State is CellState.Blocked or CellState.LikelyBlocked ? 1 : 0));
                }
        }
    }

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
