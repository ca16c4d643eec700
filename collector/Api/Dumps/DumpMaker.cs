using Microsoft.Extensions.Options;
using ProbeNet.Collector.Api.Exports;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Dumps;

/// <summary>Makes the public files of days that are over, and a new version of those of which the public sees something else than before.</summary>
sealed class DumpMaker(
    DumpVersions versions, CellWindows countries, ExportRows rows, Publication publication, StateFolder folder, IOptions<RetentionOptions> retention, TimeProvider time) : IDisposable
{
    readonly SemaphoreSlim _one = new(1);

    /// <summary>The folder of a version's files.</summary>
    public string FolderOf(DateOnly day, int version) => Path.Combine(folder.Dumps, FormattableString.Invariant($"{day:yyyy-MM-dd}"), FormattableString.Invariant($"{version}"));

    /// <param name="again">Days that have a version are looked at too.</param>
    /// <returns>Versions that were added.</returns>
    public async Task<int> RunOnceAsync(bool again, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            return await MakeAsync(again, ct);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    async Task<int> MakeAsync(bool again, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (await versions.FirstDayAsync(ct) is not { } first)
            return 0;
        // What retention takes away next was complete when it was published and is not made anew of what is left.
        var oldest = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime - retention.Value.Measurements).AddDays(2);
        var end = publication.EndFor(Caller.Public);
        var known = (await versions.NewestAsync(ct)).ToDictionary(version => version.Day);
        var named = await countries.CountriesAsync(ct);
        var added = 0;
        // A day in progress is not complete, whatever the delay.
        for (var day = first > oldest ? first : oldest; day < end && day < today; day = day.AddDays(1))
            if ((again || !known.ContainsKey(day)) && await MakeAsync(day, known.GetValueOrDefault(day), named, today, ct))
                added++;
        return added;
    }

    async Task<bool> MakeAsync(DateOnly day, DumpVersion? known, IReadOnlyList<string> named, DateOnly today, CancellationToken ct)
    {
        var seen = await DumpDay.ReadAsync(day, named, rows, ct);
        var content = seen.Content();
        var isSame = known?.Content.AsSpan().SequenceEqual(content) == true;
        if (isSame && known!.Files.All(file => File.Exists(Path.Combine(FolderOf(day, known.Version), file.Name))))
            return false;
        var next = (known?.Version ?? 0) + 1;
        var making = FolderOf(day, next) + ".new";
        if (Directory.Exists(making))
            Directory.Delete(making, recursive: true);
        Directory.CreateDirectory(making);
        // Files that are lost come back as they were, or as a new version where the same bytes cannot be had.
        if (isSame && (await seen.WriteAsync(making, known!.AsOf, ct)).SequenceEqual(known.Files))
        {
            Replace(making, FolderOf(day, known.Version));
            return false;
        }
        var files = await seen.WriteAsync(making, today, ct);
        Replace(making, FolderOf(day, next));
        if (!await versions.AddAsync(new(day, next, today, content, files), ct))
            return false;
        // Two versions of a day could be subtracted from each other. The former one's hashes stay in the manifest.
        if (known is not null && Directory.Exists(FolderOf(day, known.Version)))
            Directory.Delete(FolderOf(day, known.Version), recursive: true);
        return true;
    }

    static void Replace(string made, string place)
    {
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
        Directory.Move(made, place);
    }
}
