using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>Reads a query string. Whatever it does not know is an error that names it, never ignored.</summary>
static class FilterReader
{
    /// <summary>Parameter, what it means, how it is read (null: the value cannot be read).</summary>
    static readonly Dictionary<string, (string Meaning, Func<Filter, string, Filter?> Read)> Parameters = new(StringComparer.Ordinal)
    {
        ["cc"] = ("a country's two letters (ISO 3166-1)",
            (filter, text) => text.Length == 2 && text.All(char.IsAsciiLetter) ? filter with { Cc = text.ToUpperInvariant() } : null),
        ["asn"] = ("the number of an autonomous system, with or without \"AS\"",
            (filter, text) => TryAsn(text, out var asn) ? filter with { Asn = asn } : null),
        ["domain"] = ("a target as lists of cells have it: a host name, or a whole input",
            (filter, text) => text.Length <= 2048 ? filter with { Domain = text.Contains('/', StringComparison.Ordinal) ? text : text.ToLowerInvariant() } : null),
        ["category_code"] = ("a category of the test list, for example NEWS",
            (filter, text) => text.Length <= 16 && text.All(char.IsAsciiLetterOrDigit) ? filter with { CategoryCode = text.ToUpperInvariant() } : null),
        ["mechanism"] = ("a mechanism or a dotted prefix of one, for example dns",
            (filter, text) => text.Length <= 64 && text.All(c => char.IsAsciiLetterLower(c) || c is '.' or '_') ? filter with { Mechanism = text } : null),
        ["state"] = ("a cell's state",
            (filter, text) => CellStates.TryParse(text, out var state) ? filter with { State = state } : null),
        ["since"] = ("a UTC day, or a time as RFC 3339 has it; included",
            (filter, text) => TryTime(text, out var time) ? filter with { Since = time } : null),
        ["until"] = ("a UTC day, or a time as RFC 3339 has it; not included",
            (filter, text) => TryTime(text, out var time) ? filter with { Until = time } : null),
        ["min_units"] = ("a whole number: volunteers that a cell must have",
            (filter, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units) ? filter with { MinUnits = units } : null),
        ["as_of"] = ("a time as RFC 3339 has it, taken as now",
            (filter, text) => TryTime(text, out var time) ? filter with { AsOf = time } : null),
        ["circumstance"] = ("true or false: whether network, list, reason and time are shown as they were sealed",
            (filter, text) => bool.TryParse(text, out var circumstance) ? filter with { Circumstance = circumstance } : null),
        ["limit"] = ($"a whole number from 1 to {Filter.MaximumLimit}: items on a page",
            (filter, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Filter.MaximumLimit
                ? filter with { Limit = limit } : null),
        ["sort"] = ("\"name\", or \"differs\": first what differs between providers",
            (filter, text) => text is "name" or "differs" ? filter with { ByDifference = text == "differs" } : null),
        ["compare"] = ("a UTC day: the last of those that a matrix is compared with",
            (filter, text) => TryTime(text, out var time) && time.TimeOfDay == TimeSpan.Zero ? filter with { Compare = time } : null),
        ["axis_x"] = ("an axis: " + AggregationReading.AxisNames,
            (filter, text) => AggregationReading.IsAxis(text) ? filter with { AxisX = text } : null),
        ["axis_y"] = ("another axis: " + AggregationReading.AxisNames,
            (filter, text) => AggregationReading.IsAxis(text) ? filter with { AxisY = text } : null),
        ["grain"] = ("how fine time is: " + string.Join(", ", AggregationReading.Grains),
            (filter, text) => AggregationReading.Grains.Contains(text) ? filter with { Grain = text } : null),
        ["lang"] = ("the language of a page: en or km", (filter, text) => text is "en" or "km" ? filter : null),
        ["cursor"] = ("the value from the Link header of the page before",
            (filter, text) => Cursor.TryParse(text, out var cursor) ? filter with { After = cursor } : null),
    };

    public static string Meaning(string parameter) => Parameters[parameter].Meaning;

    /// <returns>Null with a problem that names the first parameter at fault.</returns>
    public static Filter? TryRead(IQueryCollection query, IReadOnlyCollection<string> allowed, out ProblemDetails? problem)
    {
        problem = null;
        var filter = new Filter();
        foreach (var (name, values) in query)
        {
            if (!allowed.Contains(name))
                problem = Problems.BadParameter(name, allowed.Count == 0 ? "there are no parameters here." : $"unknown. Known here: {string.Join(", ", allowed)}.");
            // A form sends its empty fields too.
            else if (values is [""])
                continue;
            else if (values is not [{ } text])
                problem = Problems.BadParameter(name, "give it one value.");
            else if (Parameters[name].Read(filter, text) is not { } read)
                problem = Problems.BadParameter(name, $"must be {Parameters[name].Meaning}.");
            else
                filter = read;
            if (problem is not null)
                return null;
        }
        if (filter.Since is { } since && filter.Until is { } until && since >= until)
            problem = Problems.BadParameter("until", "must be later than since.");
        return problem is null ? filter : null;
    }

    public static bool TryAsn(string text, out long asn)
    {
        if (text.StartsWith("AS", StringComparison.OrdinalIgnoreCase))
            text = text[2..];
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out asn) && asn <= uint.MaxValue;
    }

    static bool TryTime(string text, out DateTimeOffset time)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];
        // A "+" of an offset that was not escaped arrives as a space.
        // Windows reach some days to either side.
        return DateTimeOffset.TryParseExact(text.Replace(' ', '+'), forms, CultureInfo.InvariantCulture, utc, out time) && time.Year is > 1970 and < 9999;
    }
}
