using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ProbeNet.Collector.Web;

/// <summary>Files that pages load; they travel inside the program.</summary>
static class Assets
{
    public const string Folder = "ProbeNet.Collector.Web.Assets.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "site.css", "text/css; charset=utf-8");
        Map(routes, "icon.svg", "image/svg+xml");
        Map(routes, "chart.js", "text/javascript; charset=utf-8");
        Map(routes, "matrix.js", "text/javascript; charset=utf-8");
    }

    static void Map(IEndpointRouteBuilder routes, string name, string contentType)
    {
        var bytes = Read(Folder + name);
        // Weak: the bytes that travel may be compressed.
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"", isWeak: true);
        routes.MapGet("/assets/" + name, () => Results.Bytes(bytes, contentType, entityTag: tag)).ExcludeFromDescription();
    }

    /// <param name="name">Of a resource of this program.</param>
    public static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
