using System.Security.Cryptography;
using System.Text.Json;

namespace ProbeNet.Collector.Exchange;

/// <summary>
/// A folder with a file a day and the manifest that names them. A file is named only once it is whole and on disk, so that whoever was
/// interrupted goes on with the first day that has no name yet.
/// </summary>
sealed class ExportFolder
{
    public const string ManifestName = "manifest.json";

    readonly string _path;

    ExportFolder(string path, ExportManifest manifest) => (_path, Manifest) = (path, manifest);

    public ExportManifest Manifest { get; private set; }

    public IEnumerable<DateOnly> Missing => Manifest.Days.Except(Manifest.Partitions.Select(partition => partition.Day));

    /// <summary>Begins it, or continues what is there.</summary>
    /// <exception cref="InvalidDataException">Something else was exported to this place.</exception>
    public static async Task<ExportFolder> OpenAsync(string path, ExportManifest wanted, CancellationToken ct)
    {
        Directory.CreateDirectory(path);
        if (await ReadAsync(path, ct) is not { } begun)
        {
            var folder = new ExportFolder(path, wanted);
            await folder.SaveAsync(ct);
            return folder;
        }
        return begun.IsFor(wanted) ? new(path, begun) : throw new InvalidDataException($"{path} holds another export. Choose another place, or remove it.");
    }

    /// <summary>Continues one that was read before.</summary>
    public static ExportFolder Of(string path, ExportManifest begun) => new(path, begun);

    /// <summary>Null where there is none.</summary>
    public static async Task<ExportManifest?> ReadAsync(string path, CancellationToken ct)
    {
        var file = Path.Combine(path, ManifestName);
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<ExportManifest>(await File.ReadAllBytesAsync(file, ct), ExportManifest.Json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} is no manifest.", e);
        }
    }

    public async Task AddAsync(IDataset data, DateOnly day, CancellationToken ct)
    {
        if (!ExportFormats.TryParse(Manifest.FileFormat, out var format))
            throw new InvalidDataException($"{_path}: {Manifest.FileFormat} is no format of ours.");
        var name = FormattableString.Invariant($"{Manifest.Kind}-{day:yyyy-MM-dd}.{Manifest.FileFormat}");
        var (rows, bytes, hash) = await WriteWholeAsync(Path.Combine(_path, name), stream => data.WriteAsync(new(day, day.AddDays(1)), format, stream, ct), ct);
        Manifest = Manifest with { Partitions = [.. Manifest.Partitions.Append(new(day, name, rows, bytes, hash)).OrderBy(partition => partition.Day)] };
        await SaveAsync(ct);
    }

    /// <summary>Writes a file that is there whole or not at all.</summary>
    /// <param name="write">Returns how many rows it wrote.</param>
    /// <returns>Rows, size and SHA-256 in hexadecimal.</returns>
    public static async Task<(long Rows, long Bytes, string Sha256)> WriteWholeAsync(string path, Func<Stream, Task<long>> write, CancellationToken ct)
    {
        var making = path + ".part";
        await using var file = new FileStream(making, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var rows = await write(file);
        await file.FlushAsync(ct);
        file.Flush(flushToDisk: true);
        file.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
        var size = file.Length;
        await file.DisposeAsync();
        File.Move(making, path, overwrite: true);
        return (rows, size, hash);
    }

    async Task SaveAsync(CancellationToken ct) =>
        await WriteWholeAsync(Path.Combine(_path, ManifestName), async stream =>
        {
            await JsonSerializer.SerializeAsync(stream, Manifest, ExportManifest.Json, ct);
            return Manifest.Partitions.Count;
        }, ct);
}
