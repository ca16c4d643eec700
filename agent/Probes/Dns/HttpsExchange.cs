using System.Net.Http.Headers;
using ProbeNet.Agent.Probes.Http;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>DNS over HTTPS (RFC 8484) as a POST over a stream that is already verified.</summary>
static class HttpsExchange
{
    const string MediaType = "application/dns-message";

    /// <exception cref="HttpRequestException">The answer was no DNS message, or none came.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    public static async Task<byte[]> AskAsync(Stream stream, string host, string path, byte[] query, CancellationToken cancellationToken)
    {
        using var invoker = ConnectedHandler.Over(stream, _ => { });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}{path}") { Content = new ByteArrayContent(query) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        using var response = await invoker.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != MediaType)
            throw new HttpRequestException(HttpRequestError.InvalidResponse);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var reply = new byte[ushort.MaxValue];
        var length = await body.ReadAtLeastAsync(reply, reply.Length, throwOnEndOfStream: false, cancellationToken);
        return reply[..length];
    }
}
