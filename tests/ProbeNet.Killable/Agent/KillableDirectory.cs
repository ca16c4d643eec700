using ProbeNet.Agent.Spool;

namespace ProbeNet.Killable.Agent;

/// <summary>The real directory, with windows around each flush: NAME.before-flush and NAME.after-flush.</summary>
sealed class KillableDirectory(ISpoolDirectory directory, KillWindow window, string name) : ISpoolDirectory
{
    public IReadOnlyList<string> List() => directory.List();

    public ISpoolFile Open(string file) => new KillableFile(directory.Open(file), window, file == BookmarkFile.Name ? "bookmark" : name);

    public void Delete(string file)
    {
        window.Reached(name + ".before-delete");
        directory.Delete(file);
    }

    sealed class KillableFile(ISpoolFile file, KillWindow window, string name) : ISpoolFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> bytes, long offset) => file.Read(bytes, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            // Half a record on disk is what a power cut leaves.
            file.Write(bytes[..(bytes.Length / 2)], offset);
            window.Reached(name + ".half-written");
            file.Write(bytes, offset);
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Flush()
        {
            window.Reached(name + ".before-flush");
            file.Flush();
            window.Reached(name + ".after-flush");
        }

        public void Dispose() => file.Dispose();
    }
}
