using System.IO.Compression;
using System.Text.Json;
using Google.Protobuf;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>A bundle's files in memory. Does not throw on hostile content once it is read.</summary>
sealed class BundleArchive
{
    const int MaximumEntry = 8 * 1024 * 1024;
    const int MaximumTotal = 256 * 1024 * 1024;

    readonly Dictionary<string, byte[]> _files;

    BundleArchive(Dictionary<string, byte[]> files, BundleIndex index) => (_files, Index) = (files, index);

    public BundleIndex Index { get; }

    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <exception cref="InvalidDataException">The stream is no evidence bundle.</exception>
    public static BundleArchive Read(Stream bundle)
    {
        var files = ReadFiles(bundle);
        return new(files, ReadIndex(files));
    }

    /// <summary>Null where the file is not there.</summary>
    public byte[]? Find(string file) => _files.GetValueOrDefault(file);

    /// <summary>Null where the file is not there or no such message.</summary>
    public T? Message<T>(MessageParser<T> parser, string file)
        where T : class, IMessage<T> => Find(file) is { } bytes ? Parse(parser, ByteString.CopyFrom(bytes)) : null;

    /// <summary>Null where the bytes are no such message.</summary>
    public static T? Parse<T>(MessageParser<T> parser, ByteString bytes)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>Null where the file is not there or of another shape.</summary>
    public T? Document<T>(string file)
        where T : class
    {
        try
        {
            return Find(file) is { } bytes ? JsonSerializer.Deserialize<T>(bytes, BundleJson.Strict) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static BundleIndex ReadIndex(Dictionary<string, byte[]> files)
    {
        if (!files.TryGetValue(BundleFile.Index, out var bytes))
            throw new InvalidDataException($"there is no {BundleFile.Index}.");
        try
        {
            return JsonSerializer.Deserialize<BundleIndex>(bytes, BundleJson.Strict) is { Format: BundleIndex.CurrentFormat } index
                ? index
                : throw new InvalidDataException("it is of a format that this version does not know.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{BundleFile.Index} is malformed.", e);
        }
    }

    static Dictionary<string, byte[]> ReadFiles(Stream bundle)
    {
        using var zip = new ZipArchive(bundle, ZipArchiveMode.Read, leaveOpen: true);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            var buffer = new byte[81_920];
            while (stream.Read(buffer) is > 0 and var read && content.Length <= MaximumEntry)
                content.Write(buffer, 0, read);
            total += content.Length;
            if (content.Length > MaximumEntry || total > MaximumTotal || !files.TryAdd(entry.FullName, content.ToArray()))
                throw new InvalidDataException($"{entry.FullName} is too long, or there twice.");
        }
        return files;
    }
}
