namespace ProbeNet.Collector.Api;

/// <summary>Where files that the web role makes are kept, below the state directory; only their owner may read them.</summary>
sealed class StateFolder(IConfiguration configuration)
{
    public string Exports => Folder("exports");

    public string Dumps => Folder("dumps");

    string Folder(string name)
    {
        var path = Path.Combine(Path.GetFullPath(configuration["Collector:StateDirectory"]!), name);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
