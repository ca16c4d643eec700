namespace ProbeNet.Collector.Store.Embedded;

/// <summary>
/// How a program that refuses to run as uid 0 is started. PostgreSQL refuses; the collector may be root, in a container
/// or in an unprivileged user namespace that has no other uid.
/// </summary>
/// <param name="Prefix">What stands before the command.</param>
/// <param name="User">Who owns the program's files; null when that is the current user.</param>
sealed record UnprivilegedIdentity(IReadOnlyList<string> Prefix, string? User)
{
    // Inside its namespace alone; outside it is the user who started the collector.
    const string MappedId = "65534";

    static readonly string[] Users = ["postgres", "nobody"];

    /// <param name="directory">An existing directory that the identity must be able to reach.</param>
    /// <returns>Null when this machine allows none.</returns>
    public static UnprivilegedIdentity? Find(string directory)
    {
        if (!Environment.IsPrivilegedProcess)
            return new([], null);
        foreach (var user in Users)
        {
            string[] drop = ["setpriv", $"--reuid={user}", $"--regid={GroupOf(user)}", "--clear-groups", "--"];
            if (Programs.TryRun(drop[0], [.. drop[1..], "test", "-x", directory]) is not null)
                return new(drop, user);
        }
        string[] nested = ["unshare", "--user", $"--map-user={MappedId}", $"--map-group={MappedId}", "--"];
        return Programs.TryRun(nested[0], [.. nested[1..], "test", "-x", directory]) is not null ? new(nested, null) : null;
    }

    /// <summary>Makes a directory, or an existing one, belong to the identity.</summary>
    public void Own(string directory)
    {
        if (User is not null && Programs.TryRun("chown", ["-R", $"{User}:{GroupOf(User)}", directory]) is null)
            throw new IOException($"Cannot give {directory} to {User}.");
    }

    static string GroupOf(string user) => Programs.TryRun("id", ["-gn", user])?.Trim() ?? user;
}
