using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Spool;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Sealing;

/// <summary>A journalled measurement that no batch holds yet.</summary>
/// <param name="Serial">Its place among all that this machine ever produced, from 1.</param>
/// <param name="Key">The number of its network key; 0 where the record is damaged.</param>
/// <param name="Size">Bytes.</param>
sealed record JournalEntry(long Serial, ulong Key, int Size);

/// <summary>
/// Where a measurement becomes durable, encrypted with the state key. What the spool counts as appended is gone from
/// here: the spool's append is the one moment at which measurements change place, so that no crash can double or lose one.
/// </summary>
sealed class Journal : IDisposable
{
    const string RecordName = "journal";
    const long RollAt = 4 * 1024 * 1024;

    readonly ISpoolDirectory _directory;
    readonly StateKey _stateKey;
    readonly ProducedFile? _produced;
    readonly SemaphoreSlim _appending = new(1);
    readonly Lock _lock = new();
    readonly List<JournalFile> _files;
    readonly Queue<JournalEntry> _pending = [];
    TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="sealedAlready">Measurements that the spool holds or settled.</param>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public Journal(ISpoolDirectory directory, StateKey stateKey, long sealedAlready, ProducedFile? produced = null)
    {
        (_directory, _stateKey, _produced) = (directory, stateKey, produced);
        _files = [.. JournalFile.OpenAll(directory, repair: true)];
        var next = Math.Max(_files.Count > 0 ? _files[^1].Next : 1, sealedAlready + 1);
        if (_files.Count == 0 || _files[^1].Next != next)
            _files.Add(JournalFile.Create(directory, next));
        for (var serial = sealedAlready + 1; serial < next; serial++)
        {
            var record = TryRead(serial, out var size);
            _pending.Enqueue(new(serial, record?.Key ?? 0, size));
            if (record is not null)
                _produced?.Add(record.Measurement);
        }
        Release(sealedAlready);
    }

    /// <summary>Measurements that this machine ever produced.</summary>
    public long Produced => Locked(() => _files[^1].Next - 1);

    /// <summary>Finished by the next append.</summary>
    public Task NextAppend => Locked(() => _appended.Task);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<JournalEntry> Pending => Locked(() => _pending.ToArray());

    /// <summary>Once it returns <see cref="AppendResult.Appended"/> the measurement is durable, and counts as produced.</summary>
    /// <param name="key">Of the network on which it was measured: taken before measuring.</param>
    /// <param name="facts">Scrubbed; these very bytes are what is hashed, signed and sent.</param>
    /// <param name="attachments">Certificates that the facts name by SHA-256.</param>
    public async Task<AppendResult> AppendAsync(
        NetworkKey key, Facts facts, Circumstance circumstance, IReadOnlyList<ByteString> attachments, CancellationToken cancellationToken)
    {
        var record = new JournalRecord { Key = key.Number, Measurement = BatchSealer.Wrap(facts, circumstance) };
        record.Attachments.AddRange(attachments);
        var body = _stateKey.Seal(RecordName, record.ToByteArray());
        await _appending.WaitAsync(cancellationToken);
        try
        {
            return Append(record, body);
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <returns>Null when the disk does not give back what was written.</returns>
    public JournalRecord? TryRead(long serial) => TryRead(serial, out _);

    /// <summary>Lets go of what the spool holds now.</summary>
    /// <param name="through">The serial of the last measurement that it holds.</param>
    public void Release(long through)
    {
        lock (_lock)
        {
            while (_pending.TryPeek(out var entry) && entry.Serial <= through)
                _pending.Dequeue();
            try
            {
                if (_files[^1].Next == through + 1 && _files[^1].Bytes > 0)
                    _files.Add(JournalFile.Create(_directory, through + 1));
                foreach (var done in _files.Where(file => file != _files[^1] && file.Next <= through + 1).ToArray())
                {
                    _directory.Delete(done.Name);
                    done.Dispose();
                    _files.Remove(done);
                }
            }
            catch (IOException)
            {
                // They go with the next release: the spool's count says that they are done with.
                return;
            }
        }
    }

    public void Dispose()
    {
        _files.ForEach(file => file.Dispose());
        _appending.Dispose();
    }

    AppendResult Append(JournalRecord record, byte[] body)
    {
        lock (_lock)
        {
            try
            {
                if (_files[^1].Bytes > RollAt)
                    _files.Add(JournalFile.Create(_directory, _files[^1].Next));
            }
            catch (IOException error)
            {
                return DiskErrors.ResultOf(error);
            }
            var serial = _files[^1].Next;
            var result = _files[^1].Append(body);
            if (result != AppendResult.Appended)
                return result;
            _produced?.Add(record.Measurement);
            _pending.Enqueue(new(serial, record.Key, body.Length));
            _appended.SetResult();
            _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return result;
        }
    }

    JournalRecord? TryRead(long serial, out int size)
    {
        lock (_lock)
        {
            var body = _files.Select(file => file.TryRead(serial)).FirstOrDefault(bytes => bytes is not null);
            size = body?.Length ?? 0;
            return body is not null && _stateKey.TryOpen(RecordName, body) is { } plaintext ? JournalRecord.Parser.ParseFrom(plaintext) : null;
        }
    }

    T Locked<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }
}
