using CsvHelper;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <param name="Line">Of the file, from 1.</param>
/// <param name="Column">Field of the line, from 1.</param>
sealed record CsvProblem(long Line, int Column, string What)
{
    public override string ToString() => $"line {Line}, column {Column}: {What}";
}

/// <param name="Errors">Any of them and the file is not taken.</param>
/// <param name="Repeated">Lines left out because their URL stands above.</param>
sealed record CsvOutcome(IReadOnlyList<ListEntry> Entries, IReadOnlyList<CsvProblem> Errors, IReadOnlyList<CsvProblem> Repeated);

/// <summary>
/// Test lists in the columns of https://github.com/citizenlab/test-lists: url, category_code, category_description,
/// date_added, source, notes; and of our own, where they stand: priority, page (yes or no).
/// </summary>
static class CitizenLabCsv
{
    // A file of another kind fails on every line; nobody reads more.
    const int ErrorsAtMost = 20;

    static readonly string[] Yes = ["yes", "true", "1", "y"];
    static readonly string[] No = ["", "no", "false", "0", "n"];

    static readonly CsvReaderOptions Options = new() { Separator = ',', TrimWhitespace = true, TrackLineNumbers = true, MaxRecordSize = 64 * 1024 };

    public static CsvOutcome Read(TextReader text)
    {
        var entries = new List<ListEntry>();
        var errors = new List<CsvProblem>();
        var repeated = new List<CsvProblem>();
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        using var csv = CsvReader.Create(text, Options, leaveOpen: true);
        try
        {
            var columns = Columns(csv, errors);
            while (errors.Count < ErrorsAtMost && columns.Count > 0 && csv.Read())
            {
                if (csv.FieldCount == csv.Headers.Count)
                    ReadLine(csv, columns, entries, errors, repeated, seen);
                else
                    errors.Add(new(csv.LineNumber, Math.Min(csv.FieldCount, csv.Headers.Count) + 1, $"{csv.Headers.Count} columns expected, {csv.FieldCount} found"));
            }
        }
        catch (CsvFormatException e)
        {
            errors.Add(new(e.LineNumber, Math.Max(e.FieldIndex, 0) + 1, "quotes are not closed, or the line is longer than 64 KiB"));
        }
        return new(entries, errors, repeated);
    }

    // Empty when a column that is needed is missing.
    static Dictionary<string, int> Columns(CsvReader csv, List<CsvProblem> errors)
    {
        csv.ReadHeader();
        var columns = csv.Headers.Select((name, index) => (Name: name.Trim().ToLowerInvariant(), index)).DistinctBy(item => item.Name).ToDictionary(item => item.Name, item => item.index);
        foreach (var (name, place) in new[] { ("url", 1), ("category_code", 2) })
        {
            if (!columns.ContainsKey(name))
                errors.Add(new(1, place, $"the column {name} is missing"));
        }
        return errors.Count > 0 ? [] : columns;
    }

    static void ReadLine(
        CsvReader csv, Dictionary<string, int> columns, List<ListEntry> entries, List<CsvProblem> errors, List<CsvProblem> repeated, Dictionary<string, long> seen)
    {
        var line = csv.LineNumber;
        var url = csv.GetString(columns["url"]);
        if (Problem(url) is { } malformed)
        {
            errors.Add(new(line, columns["url"] + 1, malformed));
            return;
        }
        var entry = new ListEntry { Input = url, CategoryCode = csv.GetString(columns["category_code"]).ToUpperInvariant() };
        if (entry.CategoryCode.Length is 0 or > 8)
            errors.Add(new(line, columns["category_code"] + 1, "a category code such as NEWS is expected"));
        entry.Priority = Flag(csv, columns, "priority", line, errors);
        entry.Page = Flag(csv, columns, "page", line, errors);
        if (seen.TryAdd(url, line))
            entries.Add(entry);
        else
            repeated.Add(new(line, columns["url"] + 1, $"{url} stands on line {seen[url]} already"));
    }

    static bool Flag(CsvReader csv, Dictionary<string, int> columns, string name, long line, List<CsvProblem> errors)
    {
        if (!columns.TryGetValue(name, out var column))
            return false;
        var value = csv.GetString(column).ToLowerInvariant();
        if (!Yes.Contains(value) && !No.Contains(value))
            errors.Add(new(line, column + 1, $"{name} is yes or no, not '{value}'"));
        return Yes.Contains(value);
    }

    /// <returns>Null for an input that agents can take.</returns>
    static string? Problem(string url)
    {
        if (url.Length > 2048)
            return "the URL is longer than 2048 characters";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return $"'{url}' is not an http or https URL";
        return uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 && uri.IdnHost.Length > 0 && uri.UserInfo.Length == 0
            ? null
            : $"'{url}' has no usable host name";
    }
}
