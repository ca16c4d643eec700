using Microsoft.Net.Http.Headers;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api;

/// <summary>A file from the state directory as an answer, with its hash as ETag; parts of it can be asked for.</summary>
static class StoredFile
{
    /// <param name="sha256">Hexadecimal; null for a file that still changes.</param>
    /// <returns>Null where it is not there, or not any more.</returns>
    public static IResult? TryOpen(string path, string name, string? sha256)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Results.Stream(file, ExportFormats.MediaType(name), name, entityTag: sha256 is null ? null : new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: sha256 is not null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
