using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProbeNet.Collector.Api;

/// <summary>A number as a caller may see it: exact, as one of the classes 0-2, 3-5, 6-10 and 11+, or not at all.</summary>
[JsonConverter(typeof(CountConverter))]
readonly record struct Count
{
    readonly int? _exact;
    readonly string? _class;

    Count(int? exact, string? name) => (_exact, _class) = (exact, name);

    public static readonly Count Hidden;

    public static Count Exact(int number) => new(number, null);

    public static Count InClass(int number) => new(null, number switch
    {
        <= 2 => "0-2",
        <= 5 => "3-5",
        <= 10 => "6-10",
        _ => "11+",
    });

    /// <summary>The least that it can be, as far as the caller may know.</summary>
    public int Least => _exact ?? (_class is null ? 0 : int.Parse(_class.AsSpan(0, _class.AsSpan().IndexOfAny('-', '+')), CultureInfo.InvariantCulture));

    /// <summary>A number, the name of a class, or null.</summary>
    public object? Value => _exact ?? (object?)_class;

    public bool IsHidden => _exact is null && _class is null;

    public override string ToString() => _exact?.ToString(CultureInfo.InvariantCulture) ?? _class ?? "";

    sealed class CountConverter : JsonConverter<Count>
    {
        public override Count Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Number => Exact(reader.GetInt32()),
            JsonTokenType.String => new(null, reader.GetString()),
            _ => Hidden,
        };

        public override void Write(Utf8JsonWriter writer, Count value, JsonSerializerOptions options)
        {
            if (value._exact is { } exact)
                writer.WriteNumberValue(exact);
            else
                writer.WriteStringValue(value._class);
        }
    }
}
