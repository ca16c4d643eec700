using System.Net.Http.Headers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>The few response headers that tell a server from a device in the path.</summary>
static class ResponseHeaders
{
    const int LongestValue = 200;

    static readonly string[] Kept =
        ["Server", "Content-Type", "Content-Language", "Via", "X-Cache", "X-Powered-By", "CF-Mitigated", "Retry-After"];

    public static IEnumerable<HttpHeader> Keep(HttpResponseMessage response, Func<string, string> scrub)
    {
        foreach (var name in Kept)
        {
            if (Value(response, name) is not { } value)
                continue;
            var scrubbed = scrub(value);
            yield return new HttpHeader { Name = name, Value = scrubbed.Length <= LongestValue ? scrubbed : scrubbed[..LongestValue] };
        }
    }

    public static string? Value(HttpResponseMessage response, string name) =>
        Raw(response.Headers, name) ?? Raw(response.Content.Headers, name);

    static string? Raw(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
