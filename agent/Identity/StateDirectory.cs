using ProbeNet.Agent.Spool;

namespace ProbeNet.Agent.Identity;

/// <summary>The directory that holds all an agent remembers. Only its owner may look in.</summary>
sealed class StateDirectory
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the directory where it is missing.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    public StateDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
            return;
        }
        Directory.CreateDirectory(Path, OwnerOnly);
        if (File.GetUnixFileMode(Path) != OwnerOnly)
            File.SetUnixFileMode(Path, OwnerOnly);
    }

    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <returns>Null when there is no such file.</returns>
    public byte[]? TryRead(string name)
    {
        try
        {
            return File.ReadAllBytes(PathOf(name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>After this returns the new content is durable; before, the old one is whole.</summary>
    /// <exception cref="IOException">Nothing changed.</exception>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        var temporary = PathOf($"{name}.{Environment.ProcessId}.new");
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(handle, content, 0);
                RandomAccess.FlushToDisk(handle);
            }
            File.Move(temporary, PathOf(name), overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(temporary);
            throw;
        }
        DirectoryFlush.Flush(Path);
    }

    public void Delete(string name)
    {
        File.Delete(PathOf(name));
        DirectoryFlush.Flush(Path);
    }
}
