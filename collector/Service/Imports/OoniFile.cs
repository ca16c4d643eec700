using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ProbeNet.Collector.Observations.Ooni;

namespace ProbeNet.Collector.Service.Imports;

/// <summary>A file of OONI measurements: one JSON document or JSON Lines, plain, gzip or zstd.</summary>
static class OoniFile
{
    // A measurement carries bodies of half a megabyte each; a line longer than this is none.
    const int LongestDocument = 64 * 1024 * 1024;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowTrailingCommas = false };

    /// <summary>True when the first bytes are those of JSON, gzip or zstd. The position is left where it was.</summary>
    public static bool Looks(Stream file)
    {
        Span<byte> head = stackalloc byte[64];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position -= read;
        return KindOf(head[..read]) is not null;
    }

    /// <summary>Reads document by document; a line that is none of OONI's is counted and passed over.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or no JSON.</exception>
    public static async IAsyncEnumerable<OoniMeasurement?> ReadAsync(
        Stream file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var plain = Open(file);
        using var reader = new StreamReader(plain);
        var document = new StringBuilder();
        var nesting = new JsonNesting();
        while (await NextLineAsync(reader, ct) is { } line)
        {
            if (document.Length == 0 && string.IsNullOrWhiteSpace(line))
                continue;
            document.Append(line).Append('\n');
            if (document.Length > LongestDocument)
                throw new InvalidDataException("a document is longer than any measurement.");
            // One document over several lines is a document too: it ends where its braces do.
            if (nesting.Add(line) > 0)
                continue;
            yield return Read(document.ToString());
            document.Clear();
        }
        if (document.Length > 0)
            throw new InvalidDataException("the last document has no end.");
    }

    static async Task<string?> NextLineAsync(StreamReader reader, CancellationToken ct)
    {
        try
        {
            return await reader.ReadLineAsync(ct);
        }
        catch (Exception e) when (e is IOException or ZstdSharp.ZstdException)
        {
            throw new InvalidDataException($"the compressed data is damaged: {e.Message}", e);
        }
    }

    static OoniMeasurement? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return OoniReader.Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"no JSON document: {e.Message}", e);
        }
    }

    static Stream Open(Stream file)
    {
        Span<byte> head = stackalloc byte[64];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position -= read;
        return KindOf(head[..read]) switch
        {
            Kind.Gzip => new GZipStream(file, CompressionMode.Decompress),
            Kind.Zstd => new ZstdSharp.DecompressionStream(file),
            Kind.Json => file,
            _ => throw new InvalidDataException("neither JSON nor gzip or zstd."),
        };
    }

    static Kind? KindOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return Kind.Gzip;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]))
            return Kind.Zstd;
        return head.TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? Kind.Json : null;
    }

    enum Kind
    {
        Json,
        Gzip,
        Zstd,
    }
}
