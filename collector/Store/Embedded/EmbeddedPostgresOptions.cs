namespace ProbeNet.Collector.Store.Embedded;

/// <param name="Directory">Holds the data directory, the socket, the password and the lock. Made when missing.</param>
sealed record EmbeddedPostgresOptions(string Directory)
{
    /// <summary>How long a start, crash recovery included, may take.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long another process of this directory, which may just be stopping, may take to let go of it.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a clean stop may take before the server is ended hard (its next start recovers).</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal string Data => Path.Combine(Directory, "data");

    internal string Run => Path.Combine(Directory, "run");

    internal string Password => Path.Combine(Directory, "password");

    internal string Lock => Path.Combine(Directory, "lock");
}
