using System.Globalization;
using ProbeNet.Collector.Analysis.Fingerprints;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>Known events that may explain a move: reroutings, our own releases.</summary>
sealed class CalendarSet(IReadOnlyList<(CalendarEntry Entry, string Cc)> entries)
{
    /// <summary>Those of the country and those of all.</summary>
    public IReadOnlyList<CalendarEntry> Of(string cc) => [.. entries.Where(e => e.Cc.Length == 0 || e.Cc == cc).Select(e => e.Entry).OrderBy(e => e.At)];

    /// <param name="reader">CSV with the header <c>at,what,cc</c>: a time (UTC unless it says otherwise), a text, and a country or nothing.</param>
    /// <param name="name">What a message calls it.</param>
    /// <exception cref="InvalidDataException">The message names the line.</exception>
    public static IEnumerable<(CalendarEntry Entry, string Cc)> Read(TextReader reader, string name)
    {
        var header = true;
        foreach (var (line, fields) in CsvRecords.Read(reader))
        {
            if (header)
            {
                if (fields is not [var at, "what", "cc"] || at.Trim('\uFEFF') != "at")
                    throw new InvalidDataException($"{name}: the first line must be at,what,cc");
                header = false;
            }
            else if (fields is [var time, { Length: > 0 } what, { Length: 0 or 2 } cc]
                && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var when))
                yield return (new(when, what), cc.ToUpperInvariant());
            else
                throw new InvalidDataException($"{name}, line {line}: must be a time as 2026-03-01T08:00:00Z, a text, and a country or nothing");
        }
    }
}
