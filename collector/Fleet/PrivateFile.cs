namespace ProbeNet.Collector.Fleet;

/// <summary>A small file that only its owner may read. It is whole or not there.</summary>
static class PrivateFile
{
    /// <exception cref="IOException">It exists already, or cannot be written.</exception>
    public static void Write(string path, string content)
    {
        var making = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(path: making, options))
        {
            file.Write(content);
            file.Flush();
            ((FileStream)file.BaseStream).Flush(flushToDisk: true);
        }
        try
        {
            File.Move(making, path, overwrite: false);
        }
        catch (IOException)
        {
            File.Delete(making);
            throw;
        }
    }
}
