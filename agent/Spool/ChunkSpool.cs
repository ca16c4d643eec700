using System.Diagnostics.CodeAnalysis;

namespace ProbeNet.Agent.Spool;

/// <summary>
/// What waits on disk to be sent. Numbered chunk files hold records that are durable when <see cref="Append"/> returns;
/// a bookmark says which of them are settled. Records of several tags lie in one row, and any of them may be settled
/// before another. Every measurement ever appended is counted once: settled in one way, or waiting.
/// </summary>
sealed class ChunkSpool : IDisposable
{
    readonly ISpoolDirectory _directory;
    readonly SpoolLimits _limits;
    readonly TimeProvider _time;
    readonly BookmarkFile _bookmarkFile;
    readonly List<Chunk> _chunks = [];
    readonly SortedDictionary<ulong, (SpoolRecord Record, Chunk Chunk)> _waiting = [];
    readonly Dictionary<ulong, byte[]> _lastHeads;
    readonly Lock _lock = new();
    Bookmark _bookmark;
    ulong _next;
    TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ChunkSpool(ISpoolDirectory directory, SpoolLimits limits, TimeProvider time, bool readOnly)
    {
        (_directory, _limits, _time) = (directory, limits, time);
        _bookmarkFile = new(directory, readOnly);
        _bookmark = _bookmarkFile.Read();
        _lastHeads = new(_bookmark.LastHeads);
        _next = _bookmark.Next;
        Total = _bookmark.Total;
        Tally = _bookmark.Tally;
        foreach (var name in directory.List())
        {
            if (Chunk.TryParse(name, out var first))
                Load(new(name, first, RecordFile.Open(directory.Open(name), !readOnly)));
        }
        // What the disk confirmed once and does not give back any more.
        Tally = Tally.Add(Settlement.DroppedAsDamaged, Total - Tally.Settled - Waiting);
        if (!readOnly)
            DeleteSettledChunks();
    }

    /// <summary>Measurements ever appended.</summary>
    public long Total { get; private set; }

    /// <summary>Measurements that were settled, by how.</summary>
    public SpoolTally Tally { get; private set; }

    /// <summary>Measurements that wait.</summary>
    public long Waiting { get; private set; }

    /// <summary>Bytes on disk.</summary>
    public long Bytes => Locked(() => _chunks.Sum(chunk => chunk.Bytes));

    /// <summary>Finished by the next append.</summary>
    public Task NextAppend => Locked(() => _appended.Task);

    /// <exception cref="IOException">The directory cannot be opened.</exception>
    /// <exception cref="InvalidDataException">The bookmark is lost.</exception>
    public static ChunkSpool Open(ISpoolDirectory directory, SpoolLimits limits, TimeProvider time) => new(directory, limits, time, readOnly: false);

    /// <summary>A look at the spool of a running service. Null when there is none yet.</summary>
    public static ChunkSpool? TryOpenReadOnly(ISpoolDirectory directory, TimeProvider time)
    {
        while (directory.List().Contains(BookmarkFile.Name))
        {
            try
            {
                var spool = new ChunkSpool(directory, new(), time, readOnly: true);
                if (spool._bookmarkFile.Read().Generation == spool._bookmark.Generation)
                    return spool;
                // The service settled something meanwhile, and its chunk may be gone.
                spool.Dispose();
            }
            catch (FileNotFoundException)
            {
                continue;
            }
        }
        return null;
    }

    /// <summary>Waiting records, oldest first.</summary>
    /// <param name="tag">Null for those of every tag.</param>
    public IReadOnlyList<SpoolRecord> Pending(ulong? tag = null) =>
        Locked(() => _waiting.Values.Select(entry => entry.Record).Where(record => tag is null || record.Tag == tag).ToArray());

    /// <returns>Null when the record is settled, or damaged: then it was dropped and counted.</returns>
    public byte[]? TryRead(SpoolRecord record, out byte[] head)
    {
        lock (_lock)
        {
            head = [];
            if (!_waiting.TryGetValue(record.Number, out var entry))
                return null;
            if (entry.Chunk.TryRead(record.Number, out var stored))
            {
                head = stored.Head;
                return stored.Payload;
            }
            _ = Settle([record.Number], Settlement.DroppedAsDamaged);
            return null;
        }
    }

    /// <summary>The head of the last record appended under the tag, whether it waits still or not.</summary>
    public bool TryGetLastHead(ulong tag, [NotNullWhen(true)] out byte[]? head)
    {
        lock (_lock)
            return _lastHeads.TryGetValue(tag, out head);
    }

    /// <summary>Nothing will be appended under the tag again.</summary>
    public void Forget(ulong tag)
    {
        lock (_lock)
        {
            if (_lastHeads.Remove(tag))
                _ = TryWriteBookmark();
        }
    }

    /// <summary>Appends a record, after dropping the oldest where there would be too much. Durable on <see cref="AppendResult.Appended"/>.</summary>
    /// <param name="settlement">A way of dropping, for measurements that only have to be counted.</param>
    public AppendResult Append(ulong tag, int count, byte[] head, byte[] payload, Settlement settlement = Settlement.Waiting)
    {
        lock (_lock)
        {
            DropExcess(payload.Length);
            var record = new StoredRecord(tag, count, Today, Total + count, settlement, head, payload);
            try
            {
                var chunk = ChunkForAppending();
                var result = chunk.Append(record);
                if (result == AppendResult.Appended)
                    Enter(chunk, _next, record);
                return result;
            }
            catch (IOException error)
            {
                return DiskErrors.ResultOf(error);
            }
        }
    }

    /// <summary>Takes records out, for ever. Those settled before stay as they were.</summary>
    /// <returns>False when the disk refused: nothing changed, and it may be tried again.</returns>
    public bool Settle(IReadOnlyCollection<ulong> numbers, Settlement settlement)
    {
        lock (_lock)
        {
            var entries = numbers.Where(_waiting.ContainsKey).Distinct().Select(number => _waiting[number]).ToArray();
            if (entries.Length == 0)
                return true;
            var (tally, waiting) = (Tally, Waiting);
            foreach (var (record, chunk) in entries)
            {
                _waiting.Remove(record.Number);
                chunk.Waiting--;
                Waiting -= record.Count;
                Tally = Tally.Add(settlement, record.Count);
            }
            if (TryWriteBookmark())
            {
                DeleteSettledChunks();
                return true;
            }
            (Tally, Waiting) = (tally, waiting);
            foreach (var (record, chunk) in entries)
            {
                _waiting.Add(record.Number, (record, chunk));
                chunk.Waiting++;
            }
            return false;
        }
    }

    /// <summary>Drops what has waited too long, and counts it.</summary>
    public void DropExpired()
    {
        lock (_lock)
        {
            var oldest = Today - (uint)_limits.Days;
            _ = Settle([.. _waiting.Values.Where(entry => entry.Record.Day < oldest).Select(entry => entry.Record.Number)], Settlement.DroppedForAge);
        }
    }

    public void Dispose()
    {
        _chunks.ForEach(chunk => chunk.Dispose());
        _bookmarkFile.Dispose();
    }

    uint Today => (uint)(_time.GetUtcNow().ToUnixTimeSeconds() / 86_400);

    void Load(Chunk chunk)
    {
        _chunks.Add(chunk);
        for (var number = chunk.First; number < chunk.Next; number++)
        {
            _next = Math.Max(_next, number + 1);
            if (!chunk.TryRead(number, out var record))
                continue;
            Total = Math.Max(Total, record.Through);
            if (number >= _bookmark.Next)
            {
                if (record.Settlement == Settlement.Waiting)
                    _lastHeads[record.Tag] = record.Head;
                else
                    Tally = Tally.Add(record.Settlement, record.Count);
            }
            if (record.Settlement == Settlement.Waiting && number >= _bookmark.First && !_bookmark.Settled.Contains(number))
                AddWaiting(chunk, number, record);
        }
    }

    void Enter(Chunk chunk, ulong number, StoredRecord record)
    {
        _next = number + 1;
        Total = record.Through;
        if (record.Settlement == Settlement.Waiting)
        {
            _lastHeads[record.Tag] = record.Head;
            AddWaiting(chunk, number, record);
        }
        else
        {
            Tally = Tally.Add(record.Settlement, record.Count);
        }
        _appended.SetResult();
        _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    void AddWaiting(Chunk chunk, ulong number, StoredRecord record)
    {
        _waiting.Add(number, (new(number, record.Tag, record.Count, record.Day), chunk));
        chunk.Waiting++;
        Waiting += record.Count;
    }

    Chunk ChunkForAppending()
    {
        if (_chunks.Count > 0 && _chunks[^1] is var last && last.Next == _next && last.Bytes < _limits.ChunkBytes)
            return last;
        var name = Chunk.NameOf(_next);
        var chunk = new Chunk(name, _next, RecordFile.Open(_directory.Open(name)));
        _chunks.Add(chunk);
        return chunk;
    }

    void DropExcess(long coming)
    {
        DropExpired();
        while (_waiting.Count > 0 && (_chunks.Sum(chunk => chunk.Bytes) + coming > _limits.Bytes || _next - _waiting.First().Key > (ulong)_limits.Span))
        {
            // A whole chunk, since only that gives room.
            var oldest = _waiting.First().Value.Chunk;
            if (!Settle([.. _waiting.Where(entry => entry.Value.Chunk == oldest).Select(entry => entry.Key)], Settlement.DroppedForSpace)
                || _chunks.Contains(oldest))
                return;
        }
    }

    bool TryWriteBookmark()
    {
        var first = _waiting.Count > 0 ? _waiting.First().Key : _next;
        var settled = new HashSet<ulong>();
        for (var number = first; number < _next; number++)
        {
            if (!_waiting.ContainsKey(number))
                settled.Add(number);
        }
        var bookmark = new Bookmark(_bookmark.Generation + 1, first, _next, Total, Tally, settled, _lastHeads);
        try
        {
            _bookmarkFile.Write(bookmark);
            _bookmark = bookmark with { LastHeads = new Dictionary<ulong, byte[]>(_lastHeads) };
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Only what the bookmark on disk knows to be settled: it alone remembers the counts afterwards.
    void DeleteSettledChunks()
    {
        foreach (var chunk in _chunks.Where(chunk => chunk.Waiting == 0 && chunk.Next <= _bookmark.Next).ToArray())
        {
            try
            {
                _directory.Delete(chunk.Name);
            }
            catch (IOException)
            {
                return;
            }
            chunk.Dispose();
            _chunks.Remove(chunk);
        }
    }

    T Locked<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }
}
