using System.Globalization;
using System.Text.Json;

namespace ProbeNet.Collector.Analysis.Worlds;

/// <summary>The fields of one line, with faults that say where they are.</summary>
readonly struct WorldLine(JsonElement element, int line, Dictionary<string, string> texts)
{
    const long LastAsn = 4294967295;

    public int Line => line;

    public InvalidDataException Fault(string field, string what) => new($"line {line}: {field} {what}.");

    public string Text(string field) => OptionalText(field) is { Length: > 0 } text ? text : throw Fault(field, "must be a text");

    public string? OptionalText(string field)
    {
        if (!Has(field, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Fault(field, "must be a text");
        var text = value.GetString()!;
        if (texts.TryGetValue(text, out var known))
            return known;
        return texts[text] = text;
    }

    public bool Truth(string field) => OptionalTruth(field) ?? throw Fault(field, "must be true or false");

    public bool? OptionalTruth(string field) => !Has(field, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Fault(field, "must be true or false");

    public long Number(string field) => OptionalNumber(field) ?? throw Fault(field, "must be a whole number");

    public long? OptionalNumber(string field) => !Has(field, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is >= int.MinValue and <= LastAsn * 1000
            ? number : throw Fault(field, "must be a whole number");

    public long Asn(string field) => Number(field) is var asn and >= 1 and <= LastAsn ? asn : throw Fault(field, "must be a network number, 1 to 4294967295");

    public DateTimeOffset Time(string field) =>
        Text(field) is var text && text.Length > "2026-03-01T00:00".Length && HasZone(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw Fault(field, "must be a time as 2026-03-01T08:00:00Z");

    public IEnumerable<WorldLine> Items(string field)
    {
        if (!Has(field, out _))
            throw Fault(field, "must be a list");
        return OptionalItems(field);
    }

    public IEnumerable<WorldLine> OptionalItems(string field)
    {
        if (!Has(field, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
            throw Fault(field, "must be a list of objects");
        var (number, known) = (line, texts);
        return value.EnumerateArray().Select(item => new WorldLine(item, number, known));
    }

    bool Has(string field, out JsonElement value) => element.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

    static bool HasZone(string text) => text[^1] is 'Z' or 'z' || text[^6] is '+' or '-';
}
