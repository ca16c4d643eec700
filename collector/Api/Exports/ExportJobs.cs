using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>
/// Exports on disk, a folder each: the job, the manifest, the files. Nothing of them is kept elsewhere, so that a restart finds them as they are.
/// </summary>
sealed class ExportJobs(StateFolder folder, ExportRows rows, ManifestWriting manifests, IOptions<ExportJobOptions> options, TimeProvider time) : IDisposable
{
    const string JobName = "job.json";

    // A folder with a dot in its name is being made or removed.
    const string Making = ".new";
    const string Removed = ".gone";

    readonly SemaphoreSlim _asking = new(1);
    readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly Dictionary<string, CancellationTokenSource> _working = new(StringComparer.Ordinal);

    /// <summary>Something was asked for since it was read last.</summary>
    public ChannelReader<bool> WasAsked => _asked.Reader;

    public TimeSpan Kept => options.Value.Kept;

    /// <returns>Null where there are too many already.</returns>
    public async Task<ExportState?> AskAsync(
        Caller caller, ExportKind kind, ExportFormat format, IReadOnlyDictionary<string, string> given, CellWindow window, CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            var kept = await AllAsync(ct);
            if (kept.Count >= options.Value.Most || kept.Count(state => state.Job.KeyId == caller.KeyId) >= options.Value.MostOfKey)
                return null;
            var now = time.GetUtcNow();
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var job = new ExportJob(id, caller.KeyId!, caller.Role!.Value, kind.Name, format.Word(), given, DateOnly.FromDateTime(now.UtcDateTime));
            var begun = await manifests.BeginAsync(kind, format, Open(job, now), caller, given, window, now, ct);
            var making = PathOf(id) + Making;
            await ExportFolder.OpenAsync(making, begun, ct);
            await SaveAsync(making, job, ct);
            Directory.Move(making, PathOf(id));
            _asked.Writer.TryWrite(true);
            return new(job, begun);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Those that are on disk, in the order of their names.</summary>
    public async Task<IReadOnlyList<ExportState>> AllAsync(CancellationToken ct)
    {
        var found = new List<ExportState>();
        foreach (var id in Directory.EnumerateDirectories(folder.Exports).Select(path => Path.GetFileName(path)!).Where(name => !name.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            if (await FindAsync(id, ct) is { } state)
                found.Add(state);
        return found;
    }

    /// <param name="id">As a path has it.</param>
    public async Task<ExportState?> FindAsync(string id, CancellationToken ct)
    {
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower))
            return null;
        try
        {
            var job = JsonSerializer.Deserialize<ExportJob>(await File.ReadAllBytesAsync(Path.Combine(PathOf(id), JobName), ct), ExportManifest.Json);
            return job is not null && await ExportFolder.ReadAsync(PathOf(id), ct) is { } manifest ? new(job, manifest) : null;
        }
        // Removed meanwhile, or nothing of ours.
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException or InvalidDataException)
        {
            return null;
        }
    }

    /// <param name="name">One of the export's files.</param>
    public string FileOf(ExportState state, string name) => Path.Combine(PathOf(state.Job.Id), name);

    /// <summary>Makes the next file of an export.</summary>
    public async Task MakeNextAsync(ExportState state, CancellationToken ct)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(ct);
        lock (_working)
            _working[state.Job.Id] = interrupt;
        try
        {
            var files = ExportFolder.Of(PathOf(state.Job.Id), state.Manifest);
            await files.AddAsync(Open(state.Job, state.Manifest.AsOf), files.Missing.First(), interrupt.Token);
        }
        finally
        {
            lock (_working)
                _working.Remove(state.Job.Id);
        }
    }

    public Task FailAsync(ExportState state, string fault, CancellationToken ct) => SaveAsync(PathOf(state.Job.Id), state.Job with { Fault = fault }, ct);

    /// <summary>Takes it away with its files; what is being made of it ends.</summary>
    /// <returns>False where it is not there any more.</returns>
    public bool Remove(string id)
    {
        try
        {
            Directory.Move(PathOf(id), PathOf(id) + Removed);
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        lock (_working)
            if (_working.TryGetValue(id, out var interrupt))
                interrupt.Cancel();
        Directory.Delete(PathOf(id) + Removed, recursive: true);
        return true;
    }

    /// <summary>Removes those that are past their day, and what an end in the middle of something left.</summary>
    public async Task RemoveExpiredAsync(CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        foreach (var state in await AllAsync(ct))
            if (state.View(Kept).Expires <= today)
                Remove(state.Job.Id);
        await _asking.WaitAsync(ct);
        try
        {
            foreach (var left in Directory.EnumerateDirectories(folder.Exports).Where(path => path.EndsWith(Making, StringComparison.Ordinal) || path.EndsWith(Removed, StringComparison.Ordinal)).ToList())
                Directory.Delete(left, recursive: true);
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    IDataset Open(ExportJob job, DateTimeOffset asOf)
    {
        var kind = ExportKind.Find(job.Kind) ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"There is no kind {job.Kind}."));
        return kind.Open(rows, job.Caller, ExportRequest.FilterOf(job.Filter, kind, out _) is { } filter ? filter with { AsOf = asOf } : throw new InvalidDataException("The filter cannot be read."));
    }

    string PathOf(string id) => Path.Combine(folder.Exports, id);

    static async Task SaveAsync(string path, ExportJob job, CancellationToken ct) =>
        await ExportFolder.WriteWholeAsync(Path.Combine(path, JobName), async stream =>
        {
            await JsonSerializer.SerializeAsync(stream, job, ExportManifest.Json, ct);
            return 1;
        }, ct);
}
