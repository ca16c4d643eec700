using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Asks an outside authority for time stamps (RFC 3161, 3.4).</summary>
static class TimestampAuthority
{
    const int MaximumReply = 64 * 1024;
    const int NonceSize = 8;

    /// <param name="http">Limits how long an answer may take.</param>
    /// <returns>The token, whose signature covers the statement.</returns>
    /// <exception cref="HttpRequestException">It is away, or answers with an error.</exception>
    /// <exception cref="CryptographicException">It refuses, or its answer is no time stamp of the statement.</exception>
    public static async Task<byte[]> StampAsync(HttpClient http, Uri authority, byte[] statement, CancellationToken ct)
    {
        var request = Rfc3161TimestampRequest.CreateFromData(statement, HashAlgorithmName.SHA256, nonce: RandomNumberGenerator.GetBytes(NonceSize), requestSignerCertificates: true);
        using var body = new ByteArrayContent(request.Encode());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
        using var message = new HttpRequestMessage(HttpMethod.Post, authority) { Content = body };
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var reply = new byte[MaximumReply];
        var size = await stream.ReadAtLeastAsync(reply, reply.Length, throwOnEndOfStream: false, ct);
        var token = request.ProcessResponse(reply.AsMemory(0, size), out _);
        return token.VerifySignatureForData(statement, out _)
            ? token.AsSignedCms().Encode()
            : throw new CryptographicException("The authority's signature is not over what it was asked for.");
    }
}
