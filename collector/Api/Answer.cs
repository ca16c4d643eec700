using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace ProbeNet.Collector.Api;

/// <summary>A body with its ETag; a reader who has it already gets 304 and no body.</summary>
sealed class Answer : IResult
{
    readonly string _contentType;
    readonly bool _isPublic;
    readonly EntityTagHeaderValue _tag;
    readonly Func<HttpContext, Task> _send;

    Answer(byte[] body, string contentType, Caller caller)
        : this(SHA256.HashData(body).AsSpan(0, 16), contentType, caller, context =>
        {
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        })
    {
    }

    // The tag is a weak one: the bytes that travel may be compressed.
    Answer(ReadOnlySpan<byte> hash, string contentType, Caller caller, Func<HttpContext, Task> send) =>
        (_tag, _contentType, _isPublic, _send) = (new($"\"{Convert.ToHexStringLower(hash)}\"", isWeak: true), contentType, caller.IsPublic, send);

    public static Answer OfJson<T>(T value, Caller caller) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, Json.Options), "application/json", caller);

    public static Answer OfCsv(string text, Caller caller) => OfText(text, "text/csv", caller);

    public static Answer OfText(string text, string mediaType, Caller caller) =>
        new(Encoding.UTF8.GetBytes(text), mediaType + "; charset=utf-8", caller);

    public static Answer OfJson(PackedBody body, Caller caller) => new(body.Hash, "application/json", caller, body.SendAsync);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.ETag = _tag.ToString();
        headers.Vary = "Accept, Authorization, Cookie";
        headers.CacheControl = _isPublic ? "public, max-age=60" : "private, no-cache";
        if (httpContext.Request.GetTypedHeaders().IfNoneMatch.Any(seen => seen.Compare(_tag, useStrongComparison: false) || seen.Equals(EntityTagHeaderValue.Any)))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        httpContext.Response.ContentType = _contentType;
        return _send(httpContext);
    }
}
