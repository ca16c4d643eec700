namespace ProbeNet.Testing;

/// <summary>What tests/install takes from npm. It stands beside the tests' sources: it is large and stays out of the build's output.</summary>
public static class NpmFolder
{
    /// <returns>Null when tests/install has not run.</returns>
    public static string? Of(string name)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var folder = Path.Combine(directory.FullName, "tests", "ProbeNet.Testing", name);
            if (Directory.Exists(folder))
                return File.Exists(Path.Combine(folder, "node_modules", ".complete")) ? folder : null;
        }
        return null;
    }
}
