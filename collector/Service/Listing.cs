using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProbeNet.Collector.Service;

/// <summary>How commands print rows: a table for people, JSON for programs.</summary>
static class Listing
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    static readonly JsonSerializerOptions Answers = new(Api.Json.Options) { WriteIndented = true };

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    public static void Write<T>(TextWriter output, bool json, IReadOnlyCollection<T> items, string nothing, params ReadOnlySpan<(string Head, Func<T, object?> Cell)> columns)
    {
        if (json)
        {
            WriteJson(output, items);
            return;
        }
        if (items.Count == 0)
        {
            output.WriteLine(nothing);
            return;
        }
        var lines = new List<string[]> { columns.ToArray().Select(column => column.Head).ToArray() };
        foreach (var item in items)
            lines.Add(columns.ToArray().Select(column => Text(column.Cell(item))).ToArray());
        var widths = Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(line => line[i].Length)).ToArray();
        foreach (var line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    public static void WriteJson<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>A resource of the REST interface, in the very form that it has there.</summary>
    public static void WriteAnswer<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, Answers));

    /// <summary>As JSON has it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    static string Text(object? value) => value switch
    {
        null => "-",
        "" => "-",
        bool yes => yes ? "yes" : "no",
        DateOnly date => date.ToString("yyyy-MM-dd"),
        Enum name => name.ToString().ToLowerInvariant(),
        _ => value.ToString() ?? "",
    };
}
