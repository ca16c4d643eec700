using ProbeNet.Agent.Spool;

namespace ProbeNet.Benchmarks.Fleet;

/// <summary>A directory without a disk: journals and spools of ten thousand agents would hold more files open than one process may.</summary>
sealed class MemoryDirectory : ISpoolDirectory
{
    readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);

    public IReadOnlyList<string> List() => [.. _files.Keys];

    public ISpoolFile Open(string name) => _files.TryGetValue(name, out var file) ? file : _files[name] = new();

    public void Delete(string name) => _files.Remove(name);

    sealed class MemoryFile : ISpoolFile
    {
        byte[] _bytes = [];

        public long Length => _bytes.Length;

        public int Read(Span<byte> bytes, long offset)
        {
            var rest = offset < _bytes.Length ? _bytes.AsSpan((int)offset) : [];
            var count = Math.Min(rest.Length, bytes.Length);
            rest[..count].CopyTo(bytes);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            SetLength(Math.Max(_bytes.Length, offset + bytes.Length));
            bytes.CopyTo(_bytes.AsSpan((int)offset));
        }

        public void SetLength(long length) => Array.Resize(ref _bytes, (int)length);

        public void Flush()
        {
            // Nothing is more durable than the process.
        }

        public void Dispose()
        {
            // Whoever opens it again finds what was written.
        }
    }
}
