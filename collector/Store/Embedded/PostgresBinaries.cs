namespace ProbeNet.Collector.Store.Embedded;

/// <summary>Where this machine keeps PostgreSQL's programs.</summary>
sealed record PostgresBinaries(string Directory, int MajorVersion)
{
    /// <summary>Debian and Ubuntu keep every version in a directory of its own, outside PATH.</summary>
    const string VersionedRoot = "/usr/lib/postgresql";

    public string this[string program] => Path.Combine(Directory, program);

    /// <summary>The newest version that has everything a private server needs.</summary>
    /// <param name="majorVersion">Only this version: a data directory cannot be opened by another.</param>
    public static PostgresBinaries? Find(int? majorVersion = null) =>
        Candidates()
            .Where(found => majorVersion is null || found.MajorVersion == majorVersion)
            .OrderByDescending(found => found.MajorVersion)
            .FirstOrDefault();

    static IEnumerable<PostgresBinaries> Candidates()
    {
        var versioned = System.IO.Directory.Exists(VersionedRoot)
            ? System.IO.Directory.GetDirectories(VersionedRoot).Select(directory => Path.Combine(directory, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var directory in versioned.Concat(onPath))
            if (File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")) && VersionOf(directory) is { } version)
                yield return new(directory, version);
    }

    static int? VersionOf(string directory)
    {
        var parent = Path.GetFileName(Path.GetDirectoryName(directory));
        if (int.TryParse(parent, out var version))
            return version;
        // "postgres (PostgreSQL) 16.3"
        var said = Programs.TryRun(Path.Combine(directory, "postgres"), ["--version"]);
        var number = said?.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(word => char.IsAsciiDigit(word[0]))?.Split('.')[0];
        return int.TryParse(number, out version) ? version : null;
    }
}
