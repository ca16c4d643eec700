using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace ProbeNet.Collector.Api;

/// <summary>The body of a request: a JSON object of texts and numbers.</summary>
static class JsonMembers
{
    const int MaximumSize = 16 * 1024;

    /// <summary>Does not throw on hostile content.</summary>
    public static async Task<(Dictionary<string, string>? Members, ProblemDetails? Problem)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
            return (null, Problems.BadRequest("The body is a JSON object: Content-Type is application/json."));
        var body = new byte[MaximumSize];
        var size = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return size == body.Length ? (null, Problems.BadRequest($"The request is longer than {MaximumSize} bytes."))
            : TryRead(body.AsSpan(0, size)) is { } members ? (members, null) : (null, Problems.BadRequest("The body is no JSON object of texts and numbers."));
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
