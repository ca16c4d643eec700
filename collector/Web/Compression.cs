using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace ProbeNet.Collector.Web;

/// <summary>Pages and data travel compressed to whoever takes that; files of the state directory as they are.</summary>
static class Compression
{
    static readonly string[] Types =
    [
        "text/html", "text/css", "text/javascript", "text/csv", "application/json", "application/problem+json", "application/atom+xml", "image/svg+xml",
    ];

    // An export can be asked for in parts, and those are of its own bytes. Around a sign-in nothing is compressed: the length
    // of what is would tell of secrets beside what somebody else has put in (BREACH). Other sites' requests carry no cookie.
    static readonly PathString[] Plain = ["/api/v1/exports", "/sign-in", "/sign-out"];

    public static IServiceCollection AddCompression(this IServiceCollection services) => services
        .AddResponseCompression(options => (options.EnableForHttps, options.MimeTypes) = (true, Types))
        .Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest)
        .Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);

    public static void UseCompression(this WebApplication app) => app.UseWhen(
        context => HttpMethods.IsGet(context.Request.Method) && !Plain.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)),
        branch => branch.UseResponseCompression());
}
