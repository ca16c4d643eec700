using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProbeNet.Collector.Exchange;

/// <summary>Rows with named columns, as CSV, JSON Lines or Parquet: all have the same columns in the same order.</summary>
/// <param name="columns">Values are those of their type (<see cref="ColumnType"/>), or null.</param>
sealed class Table<T>(params (string Name, ColumnType Type, Func<T, object?> Value)[] columns)
{
    const string Times = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    // Khmer names stay readable.
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<(string Name, ColumnType Type, Func<T, object?> Value)> Columns => columns;

    /// <summary>RFC 4180 with a header line; lists are joined with semicolons.</summary>
    public void WriteCsv(TextWriter output, IEnumerable<T> rows)
    {
        WriteCsvHead(output);
        foreach (var row in rows)
            WriteCsv(output, row);
    }

    public void WriteCsvHead(TextWriter output) => WriteLine(output, columns.Select(column => column.Name));

    public void WriteCsv(TextWriter output, T row) => WriteLine(output, columns.Select(column => Text(column.Value(row))));

    /// <summary>One object on one line.</summary>
    public void WriteJson(TextWriter output, T row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            foreach (var (name, _, value) in columns)
            {
                json.WritePropertyName(name);
                Write(json, value(row));
            }
            json.WriteEndObject();
        }
        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        output.Write('\n');
    }

    static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool yes:
                json.WriteBooleanValue(yes);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case IEnumerable<string> items:
                json.WriteStartArray();
                foreach (var item in items)
                    json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    internal static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString(Times, CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IEnumerable<string> items => string.Join(';', items),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    static void WriteLine(TextWriter output, IEnumerable<string?> fields)
    {
        output.Write(string.Join(',', fields.Select(Field)));
        output.Write("\r\n");
    }

    static string Field(string? value)
    {
        value ??= "";
        // A table program takes these for a formula; names and inputs come from outside.
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
