using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// What this machine measured, for its owner alone: one sealed file a UTC day, each entry by itself, and another for what
/// was measured by hand beside the service, so that no two processes write one. Neither is fsynced, for nothing depends on it.
/// </summary>
sealed class History(StateDirectory directory, StateKey key, MeasurementOptions options, TimeProvider time)
{
    const string Prefix = "history.";
    const string Hand = ".hand";
    const int LargestEntry = 64 * 1024;

    readonly Lock _lock = new();
    uint _mended;

    /// <exception cref="IOException">The disk is full or broken.</exception>
    public void Add(HistoryEntry entry, bool byHand = false)
    {
        lock (_lock)
        {
            Forget();
            if (options.HistoryDays <= 0)
                return;
            var body = key.Seal(Prefix, entry.ToByteArray());
            var record = new byte[4 + body.Length];
            BinaryPrimitives.WriteInt32BigEndian(record, body.Length);
            body.CopyTo(record, 4);
            var today = Day.Of(time.GetUtcNow());
            using var file = new FileStream(PathOf(today) + (byHand ? Hand : ""), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            // A crash may have torn the last entry; what follows it would be unreadable.
            file.Position = _mended == today ? file.Length : ReadFile(file).Whole;
            file.SetLength(file.Position);
            _mended = today;
            file.Write(record);
        }
    }

    /// <summary>Oldest first. Entries that a crash tore are left out. May run beside the service that writes.</summary>
    public IReadOnlyList<HistoryEntry> Read(DateTimeOffset since)
    {
        var entries = new List<HistoryEntry>();
        foreach (var path in Files().Where(file => file.Day >= Day.Of(since)).OrderBy(file => file.Day).Select(file => file.Path))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            entries.AddRange(ReadFile(file).Entries);
        }
        return [.. entries.Where(entry => entry.Time >= since.ToUnixTimeSeconds()).OrderBy(entry => entry.Time)];
    }

    (List<HistoryEntry> Entries, long Whole) ReadFile(FileStream file)
    {
        var entries = new List<HistoryEntry>();
        var whole = 0L;
        var head = new byte[4];
        while (file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (length is <= 0 or > LargestEntry)
                break;
            var body = new byte[length];
            if (file.ReadAtLeast(body, length, throwOnEndOfStream: false) < length)
                break;
            if (key.TryOpen(Prefix, body) is { } plaintext)
                entries.Add(HistoryEntry.Parser.ParseFrom(plaintext));
            whole = file.Position;
        }
        return (entries, whole);
    }

    void Forget()
    {
        var today = Day.Of(time.GetUtcNow());
        foreach (var (path, day) in Files())
        {
            if (day + options.HistoryDays <= today)
                File.Delete(path);
        }
    }

    IEnumerable<(string Path, uint Day)> Files() =>
        Directory.EnumerateFiles(directory.Path, Prefix + "*")
            .Select(path => (path, uint.TryParse(Path.GetFileName(path)[Prefix.Length..].Replace(Hand, "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var day) ? day : 0))
            .Where(file => file.Item2 > 0);

    string PathOf(uint day) => directory.PathOf(Prefix + day.ToString(CultureInfo.InvariantCulture));
}
