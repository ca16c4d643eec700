using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace ProbeNet.Collector.Api;

/// <summary>A body with its ETag; a reader who has it already gets 304 and no body.</summary>
sealed class Answer(byte[] body, string contentType, bool isPublic) : IResult
{
    public static Answer OfJson<T>(T value, Caller caller) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, Json.Options), "application/json", caller.IsPublic);

    public static Answer OfCsv(string text, Caller caller) => OfText(text, "text/csv", caller);

    public static Answer OfText(string text, string mediaType, Caller caller) =>
        new(Encoding.UTF8.GetBytes(text), mediaType + "; charset=utf-8", caller.IsPublic);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";
        headers.ETag = tag;
        headers.Vary = "Accept, Authorization, Cookie";
        headers.CacheControl = isPublic ? "public, max-age=60" : "private, no-cache";
        if (httpContext.Request.GetTypedHeaders().IfNoneMatch.Any(seen => seen.Compare(new(tag), useStrongComparison: false) || seen.Equals(EntityTagHeaderValue.Any)))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = body.Length;
        return httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
