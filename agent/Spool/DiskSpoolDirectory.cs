using Microsoft.Win32.SafeHandles;

namespace ProbeNet.Agent.Spool;

/// <param name="path">Created where it is missing, for its owner only.</param>
/// <param name="readOnly">For commands that look while the service runs: nothing is created, changed or deleted.</param>
sealed class DiskSpoolDirectory(string path, bool readOnly = false) : ISpoolDirectory
{
    public IReadOnlyList<string> List() =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];

    public ISpoolFile Open(string name)
    {
        var file = Path.Combine(path, name);
        if (readOnly)
            return new DiskFile(File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var isNew = !File.Exists(file);
        var handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (isNew)
            DirectoryFlush.Flush(path);
        return new DiskFile(handle);
    }

    public void Delete(string name)
    {
        if (readOnly)
            return;
        File.Delete(Path.Combine(path, name));
        DirectoryFlush.Flush(path);
    }

    sealed class DiskFile(SafeFileHandle handle) : ISpoolFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> bytes, long offset)
        {
            var total = 0;
            for (int read; total < bytes.Length && (read = RandomAccess.Read(handle, bytes[total..], offset + total)) > 0;)
                total += read;
            return total;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
