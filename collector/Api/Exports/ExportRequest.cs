using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>What is asked for: kind, format, days and the filters of that kind, by the names and in the words of the REST interface.</summary>
/// <param name="Given">The filters besides the days.</param>
sealed record ExportRequest(ExportKind Kind, ExportFormat Format, Filter Filter, IReadOnlyDictionary<string, string> Given)
{
    const int MaximumSize = 16 * 1024;

    static readonly string[] Days = ["since", "until"];

    /// <summary>Does not throw on hostile content.</summary>
    /// <returns>Null with a problem that names the first member at fault.</returns>
    public static async Task<(ExportRequest? Request, ProblemDetails? Problem)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
            return (null, Problems.BadRequest("The export is asked for as a JSON object: Content-Type is application/json."));
        var body = new byte[MaximumSize];
        var size = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return size == body.Length ? (null, Problems.BadRequest($"The request is longer than {MaximumSize} bytes."))
            : TryRead(body.AsSpan(0, size)) is not { } members ? (null, Problems.BadRequest("The body is no JSON object of texts and numbers."))
            : (Of(members, out var problem), problem);
    }

    /// <summary>A filter from the words of a job.</summary>
    public static Filter? FilterOf(IReadOnlyDictionary<string, string> given, ExportKind kind, out ProblemDetails? problem) =>
        FilterReader.TryRead(new QueryCollection(given.ToDictionary(member => member.Key, member => new StringValues(member.Value), StringComparer.Ordinal)), [.. kind.Parameters, .. Days], out problem);

    static ExportRequest? Of(Dictionary<string, string> members, out ProblemDetails? problem)
    {
        problem = null;
        if (members.Remove("kind", out var name) && ExportKind.Find(name) is { } kind)
        {
            var format = kind.Formats[0];
            if (members.Remove("format", out var word) && (!ExportFormats.TryParse(word, out format) || !kind.Formats.Contains(format)))
                problem = Problems.BadParameter("format", $"must be one of {string.Join(", ", kind.Formats.Select(known => known.Word()))}.");
            else if (kind.NeedsCountry && !members.ContainsKey("cc"))
                problem = Problems.BadParameter("cc", $"must be {FilterReader.Meaning("cc")}.");
            else if (FilterOf(members, kind, out problem) is { } filter)
                return new(kind, format, filter, members.Where(member => !Days.Contains(member.Key)).ToDictionary(StringComparer.Ordinal));
        }
        else
            problem = Problems.BadParameter("kind", $"must be one of {string.Join(", ", ExportKind.All.Select(known => known.Name))}.");
        return null;
    }

    static Dictionary<string, string>? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body);
            return members?.Values.All(value => value.ValueKind is JsonValueKind.String or JsonValueKind.Number) == true
                ? members.ToDictionary(member => member.Key, member => member.Value.ToString(), StringComparer.Ordinal) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
