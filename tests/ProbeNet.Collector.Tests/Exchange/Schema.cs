using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ProbeNet.Collector.Tests.Exchange;

/// <summary>As much of JSON Schema (2020-12) as the schema of OONI's format uses; a keyword that is not known is an error.</summary>
sealed class Schema(JsonNode root)
{
    static readonly HashSet<string> Known =
        ["$schema", "$defs", "$ref", "title", "type", "required", "properties", "additionalProperties", "items", "enum", "const", "pattern", "anyOf", "minimum"];

    public static Schema Load(string path) => new(JsonNode.Parse(File.ReadAllText(path))!);

    /// <returns>Where the document breaks the schema, and how; empty when it is valid.</returns>
    public IReadOnlyList<string> Faults(JsonNode document)
    {
        var faults = new List<string>();
        // As a reader gets it.
        Check(JsonNode.Parse(document.ToJsonString()), root, "", faults);
        return faults;
    }

    void Check(JsonNode? value, JsonNode schema, string at, List<string> faults)
    {
        var rules = schema.AsObject();
        if (rules.Select(rule => rule.Key).FirstOrDefault(key => !Known.Contains(key)) is { } unknown)
            throw new InvalidDataException($"The schema says {unknown}, which this reader does not know.");
        if ((string?)rules["$ref"] is { } reference)
        {
            Check(value, root["$defs"]![reference["#/$defs/".Length..]]!, at, faults);
            return;
        }
        if (rules["anyOf"] is JsonArray choices && !choices.Any(choice => Passes(value, choice!)))
            faults.Add($"{at}: none of the choices");
        if (rules["type"] is { } type && !(type is JsonArray types ? types.Select(one => (string)one!) : [(string)type!]).Any(name => Is(value, name)))
            faults.Add($"{at}: {value?.GetValueKind()} is no {type.ToJsonString()}");
        if (rules["enum"] is JsonArray members && !members.Any(member => JsonNode.DeepEquals(member, value)))
            faults.Add($"{at}: {value?.ToJsonString()} is not in the list");
        if (rules["const"] is { } only && !JsonNode.DeepEquals(only, value))
            faults.Add($"{at}: not {only.ToJsonString()}");
        if (rules["minimum"] is { } least && value is JsonValue number && number.GetValueKind() == JsonValueKind.Number && (double)number < (double)least)
            faults.Add($"{at}: less than {least.ToJsonString()}");
        if ((string?)rules["pattern"] is { } pattern && value?.GetValueKind() == JsonValueKind.String && !Regex.IsMatch((string)value!, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            faults.Add($"{at}: {value.ToJsonString()} is not as {pattern}");
        if (value is JsonObject members2)
            CheckMembers(members2, rules, at, faults);
        if (value is JsonArray items && rules["items"] is { } item)
            for (var i = 0; i < items.Count; i++)
                Check(items[i], item, $"{at}[{i}]", faults);
    }

    void CheckMembers(JsonObject value, JsonObject rules, string at, List<string> faults)
    {
        foreach (var name in rules["required"]?.AsArray().Select(one => (string)one!) ?? [])
            if (!value.ContainsKey(name))
                faults.Add($"{at}.{name} is missing");
        foreach (var (name, member) in value)
            if ((rules["properties"]?[name] ?? rules["additionalProperties"]) is { } schema)
                Check(member, schema, $"{at}.{name}", faults);
    }

    bool Passes(JsonNode? value, JsonNode schema)
    {
        var faults = new List<string>();
        Check(value, schema, "", faults);
        return faults.Count == 0;
    }

    static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && double.IsInteger(JsonSerializer.Deserialize<double>(value)),
        _ => throw new InvalidDataException($"The schema says {type}, which is no type."),
    };
}
