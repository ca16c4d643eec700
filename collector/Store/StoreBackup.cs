using System.Formats.Tar;
using System.Text.Json;

namespace ProbeNet.Collector.Store;

/// <summary>What a backup says of itself; readable before anything is restored.</summary>
sealed record BackupDescription(int Schema, StoreEdition Edition, DateOnly Made);

/// <summary>
/// A backup is a tar file that only its owner may read: backup.json, store.dump (the database with the collector's keys) and
/// the files of the state directory that are not the database. It is not encrypted: it is as secret as the collector itself.
/// </summary>
static class StoreBackup
{
    const string DescriptionName = "backup.json";
    const string DumpName = "store.dump";

    /// <summary>What belongs to the collector beside its database.</summary>
    static readonly string[] StateFiles = ["agents.pem"];

    public static async Task WriteAsync(string file, StoreLocation location, string stateDirectory, BackupDescription description, CancellationToken ct)
    {
        var making = $"{file}.{Environment.ProcessId}";
        var dump = $"{making}.dump";
        try
        {
            await using (Private(dump))
            {
            }
            await StoreDump.WriteAsync(location, dump, ct);
            await using (var stream = Private(making))
            await using (var tar = new TarWriter(stream, TarEntryFormat.Pax))
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, DescriptionName)
                {
                    DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(description)),
                }, ct);
                await tar.WriteEntryAsync(dump, DumpName, ct);
                foreach (var name in StateFiles.Where(name => File.Exists(Path.Combine(stateDirectory, name))))
                    await tar.WriteEntryAsync(Path.Combine(stateDirectory, name), name, ct);
                await stream.FlushAsync(ct);
                stream.Flush(flushToDisk: true);
            }
            File.Move(making, file, overwrite: true);
        }
        finally
        {
            File.Delete(dump);
            File.Delete(making);
        }
    }

    /// <summary>Restores into an empty store and brings it to this program's schema.</summary>
    /// <exception cref="StoreUnavailableException">The file is no backup, or the store is not empty.</exception>
    public static async Task<MigrationOutcome> ReadAsync(string file, StoreLocation location, StoreServer server, string stateDirectory, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("restore-").FullName;
        try
        {
            var description = await UnpackAsync(file, folder, ct);
            if (description.Schema > Migrator.ProgramVersion)
                throw new StoreUnavailableException(
                    $"The backup has schema {description.Schema}, this program knows {Migrator.ProgramVersion}. Restore it with the newer version of probenet-collector.");
            await StoreDump.ReadAsync(location, server.Source, Path.Combine(folder, DumpName), description.Edition, ct);
            foreach (var name in StateFiles.Where(name => File.Exists(Path.Combine(folder, name))))
                File.Move(Path.Combine(folder, name), Path.Combine(stateDirectory, name), overwrite: true);
            return await new Migrator(server.Source).ApplyAsync(ct);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<BackupDescription> UnpackAsync(string file, string folder, CancellationToken ct)
    {
        BackupDescription? description = null;
        try
        {
            await using var stream = File.OpenRead(file);
            await using var tar = new TarReader(stream);
            while (await tar.GetNextEntryAsync(cancellationToken: ct) is { } entry)
            {
                if (entry is { Name: DescriptionName, DataStream: { } json })
                    description = await JsonSerializer.DeserializeAsync<BackupDescription>(json, cancellationToken: ct);
                else if (entry.Name == DumpName || StateFiles.Contains(entry.Name))
                    await entry.ExtractToFileAsync(Path.Combine(folder, entry.Name), overwrite: true, ct);
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException or FormatException)
        {
            throw new StoreUnavailableException($"{file} is not a whole backup.", e);
        }
        return description is not null && File.Exists(Path.Combine(folder, DumpName))
            ? description
            : throw new StoreUnavailableException($"{file} is not a backup.");
    }

    static FileStream Private(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
