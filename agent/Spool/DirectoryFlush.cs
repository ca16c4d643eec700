using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ProbeNet.Agent.Spool;

/// <summary>Makes created, renamed and deleted names durable. Where the system has no such call (Windows) it does nothing.</summary>
static partial class DirectoryFlush
{
    const int ReadOnlyDirectoryCloseOnExec = 0x80000;

    /// <exception cref="IOException">The directory could not be flushed.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsLinux())
            FlushLinux(path);
    }

    [SupportedOSPlatform("linux")]
    static void FlushLinux(string path)
    {
        var descriptor = Open(path, ReadOnlyDirectoryCloseOnExec);
        if (descriptor < 0)
            throw new IOException($"A directory could not be opened to flush it (errno {Marshal.GetLastPInvokeError()}).");
        var failed = Fsync(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
            throw new IOException($"A directory could not be flushed (errno {error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
