using System.Globalization;
using CsvHelper;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <param name="Line">Of the file, from 1.</param>
/// <param name="Column">Field of the line, from 1.</param>
sealed record CsvProblem(long Line, int Column, string What)
{
    public override string ToString() => $"line {Line}, column {Column}: {What}";
}

sealed record ImportedEntry(ListEntry Entry, EntryOrigin Origin);

/// <param name="Errors">Any of them and the file is not taken.</param>
/// <param name="Remarks">What was left out because it stands above, or is written in another way than it was.</param>
/// <param name="Terms">What the file's first lines say of it.</param>
sealed record CsvOutcome(IReadOnlyList<ImportedEntry> Entries, IReadOnlyList<CsvProblem> Errors, IReadOnlyList<CsvProblem> Remarks, ListTerms Terms);

/// <summary>
/// Test lists in the columns of https://github.com/citizenlab/test-lists: url, category_code, category_description,
/// date_added, source, notes; and of our own, where they stand: priority, page (yes or no), cadence (6h, 7d). Lines before the
/// header may say whose the list is (<see cref="ListTerms"/>).
/// </summary>
static class CitizenLabCsv
{
    // A file of another kind fails on every line; nobody reads more.
    const int ErrorsAtMost = 20;

    static readonly string[] Yes = ["yes", "true", "1", "y"];
    static readonly string[] No = ["", "no", "false", "0", "n"];

    // Blanks are kept: notes are given back as they came.
    static readonly CsvReaderOptions Options = new() { Separator = ',', TrackLineNumbers = true, MaxRecordSize = 64 * 1024 };

    public static CsvOutcome Read(TextReader text)
    {
        var (terms, skipped) = ListTerms.Read(text);
        var reading = new Reading(skipped);
        using var csv = CsvReader.Create(text, Options, leaveOpen: true);
        try
        {
            var columns = Columns(csv, skipped, reading.Errors);
            while (reading.Errors.Count < ErrorsAtMost && columns.Count > 0 && csv.Read())
            {
                if (csv.FieldCount == csv.Headers.Count)
                    reading.Take(csv, columns);
                else
                    reading.Errors.Add(new(csv.LineNumber + skipped, Math.Min(csv.FieldCount, csv.Headers.Count) + 1, $"{csv.Headers.Count} columns expected, {csv.FieldCount} found"));
            }
        }
        catch (CsvFormatException e)
        {
            reading.Errors.Add(new(e.LineNumber + skipped, Math.Max(e.FieldIndex, 0) + 1, "quotes are not closed, or the line is longer than 64 KiB"));
        }
        return new(reading.Entries, reading.Errors, reading.Remarks, terms);
    }

    // Empty when a column that is needed is missing.
    static Dictionary<string, int> Columns(CsvReader csv, int skipped, List<CsvProblem> errors)
    {
        csv.ReadHeader();
        var columns = csv.Headers.Select((name, index) => (Name: name.Trim().ToLowerInvariant(), index)).DistinctBy(item => item.Name).ToDictionary(item => item.Name, item => item.index);
        foreach (var (name, place) in new[] { (ListColumns.Url, 1), (ListColumns.CategoryCode, 2) })
        {
            if (!columns.ContainsKey(name))
                errors.Add(new(1 + skipped, place, $"the column {name} is missing"));
        }
        return errors.Count > 0 ? [] : columns;
    }

    sealed class Reading(int skipped)
    {
        readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);

        public List<ImportedEntry> Entries { get; } = [];

        public List<CsvProblem> Errors { get; } = [];

        public List<CsvProblem> Remarks { get; } = [];

        public void Take(CsvReader csv, Dictionary<string, int> columns)
        {
            var line = csv.LineNumber + skipped;
            string Text(string name) => columns.TryGetValue(name, out var column) ? csv.GetString(column) : "";
            void Wrong(string name, string what) => Errors.Add(new(line, columns[name] + 1, what));

            var written = Text(ListColumns.Url).Trim();
            if (ListInput.Problem(written) is { } malformed)
            {
                Wrong(ListColumns.Url, malformed);
                return;
            }
            var url = ListInput.Normalise(written);
            var entry = new ListEntry { Input = url, CategoryCode = Text(ListColumns.CategoryCode).Trim().ToUpperInvariant() };
            if (entry.CategoryCode.Length is 0 or > 8)
                Wrong(ListColumns.CategoryCode, "a category code such as NEWS is expected");
            entry.Priority = Flag(ListColumns.Priority);
            entry.Page = Flag(ListColumns.Page);
            if (ListInput.Hours(Text(ListColumns.Cadence).Trim()) is { } hours)
                entry.CadenceHours = hours;
            else
                Wrong(ListColumns.Cadence, $"cadence is 6h or 7d, an hour to 30 days, not '{Text(ListColumns.Cadence).Trim()}'");

            if (url != written)
                Remarks.Add(new(line, columns[ListColumns.Url] + 1, $"{written} is taken as {url}"));
            if (!_seen.TryAdd(url, line))
            {
                Remarks.Add(new(line, columns[ListColumns.Url] + 1, $"{url} stands on line {_seen[url].ToString(CultureInfo.InvariantCulture)} already"));
                return;
            }
            Entries.Add(new(entry, new()
            {
                CategoryDescription = Text(ListColumns.Description),
                DateAdded = Text(ListColumns.DateAdded),
                Source = Text(ListColumns.Source),
                Notes = Text(ListColumns.Notes),
            }));

            bool Flag(string name)
            {
                var value = Text(name).Trim().ToLowerInvariant();
                if (!Yes.Contains(value) && !No.Contains(value))
                    Wrong(name, $"{name} is yes or no, not '{value}'");
                return Yes.Contains(value);
            }
        }
    }
}
