using System.Runtime.Versioning;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>The lab's program where any user may read it: a checkout may lie in somebody's closed home.</summary>
[SupportedOSPlatform("linux")]
sealed class ReadableCopy : IDisposable
{
    const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("probenet-lab-");

    public ReadableCopy()
    {
        _directory.UnixFileMode = Open;
        foreach (var source in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(AppContext.BaseDirectory, source);
            var copy = Path.Combine(_directory.FullName, relative);
            if (!relative.StartsWith("probenet-lab", StringComparison.Ordinal) && !relative.StartsWith("Scenarios", StringComparison.Ordinal) && !relative.EndsWith(".dll", StringComparison.Ordinal))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!, Open);
            File.Copy(source, copy);
            File.SetUnixFileMode(copy, Open);
        }
    }

    public string Executable => Path.Combine(_directory.FullName, "probenet-lab");

    public void Dispose() => _directory.Delete(recursive: true);
}
