using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ProbeNet.Agent.Service.Output;

/// <summary>A command's answer: JSON for programs, aligned text for people.</summary>
static class Listing
{
    public static void Write<T>(Surroundings surroundings, bool json, T value, JsonTypeInfo<T> type, Func<T, IEnumerable<(string Name, string Value)>> rows)
    {
        if (json)
        {
            surroundings.Output.WriteLine(JsonSerializer.Serialize(value, type));
            return;
        }
        var lines = rows(value).ToArray();
        var width = lines.Max(line => line.Name.Length);
        foreach (var (name, text) in lines)
            surroundings.Output.WriteLine($"{name.PadRight(width)}  {text}".TrimEnd());
    }

    /// <summary>Columns as wide as their widest cell.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = head.Select((name, column) => rows.Select(row => row[column].Length).Append(name.Length).Max()).ToArray();
        foreach (var row in rows.Prepend(head))
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
