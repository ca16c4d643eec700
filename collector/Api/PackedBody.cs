using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ProbeNet.Collector.Api;

/// <summary>A large body as most take it: in gzip. Whoever takes no gzip gets it unpacked.</summary>
sealed class PackedBody(byte[] bytes)
{
    /// <summary>SHA-256 of what is packed, cut to 128 bits.</summary>
    public byte[] Hash { get; } = SHA256.HashData(bytes)[..16];

    /// <param name="write">Never held as a whole: it is packed as it comes.</param>
    public static async Task<PackedBody> OfAsync(Func<Stream, Task> write)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await write(gzip);
        return new(packed.ToArray());
    }

    public async Task SendAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (context.Request.GetTypedHeaders().AcceptEncoding.Any(accepted => accepted.Value == "gzip" && accepted.Quality is not 0))
        {
            headers.ContentEncoding = "gzip";
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            return;
        }
        await using var plain = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        await plain.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
