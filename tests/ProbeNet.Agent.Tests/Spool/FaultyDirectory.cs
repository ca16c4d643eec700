using ProbeNet.Agent.Spool;

namespace ProbeNet.Agent.Tests.Spool;

/// <summary>The process was killed at this point: nothing after it happens.</summary>
public sealed class KilledException : Exception;

/// <summary>
/// A real directory whose disk can be full, and on which a process can be killed before, within or after any write,
/// flush, creation or deletion.
/// </summary>
sealed class FaultyDirectory(string path) : ISpoolDirectory
{
    const int NoSpaceLeft = 28;

    readonly DiskSpoolDirectory _disk = new(path);

    /// <summary>Steps until the kill; null: none.</summary>
    public int? KillAfter { get; set; }

    public bool IsFull { get; set; }

    public IReadOnlyList<string> List() => _disk.List();

    public ISpoolFile Open(string name)
    {
        if (!_disk.List().Contains(name))
            Step(() => RefuseWhenFull());
        return new FaultyFile(this, _disk.Open(name));
    }

    public void Delete(string name) => Step(() => _disk.Delete(name));

    void RefuseWhenFull()
    {
        if (IsFull)
            throw new IOException("No space left on device", NoSpaceLeft);
    }

    void Step(Action action, Action? half = null)
    {
        switch (KillAfter)
        {
            case < 0:
                throw new KilledException();
            case 0:
                half?.Invoke();
                KillAfter = -1;
                throw new KilledException();
            default:
                KillAfter--;
                action();
                break;
        }
    }

    sealed class FaultyFile(FaultyDirectory directory, ISpoolFile file) : ISpoolFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> bytes, long offset) => file.Read(bytes, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            var copy = bytes.ToArray();
            // What lies in the file already has its room.
            if (offset + copy.Length > file.Length)
            {
                if (directory.IsFull)
                    file.Write(copy.AsSpan(0, copy.Length / 3), offset);
                directory.RefuseWhenFull();
            }
            directory.Step(() => file.Write(copy, offset), () => file.Write(copy.AsSpan(0, copy.Length / 2), offset));
        }

        public void SetLength(long length) => directory.Step(() => file.SetLength(length));

        public void Flush() => directory.Step(() => file.Flush(), () => file.Flush());

        public void Dispose() => file.Dispose();
    }
}
