namespace ProbeNet.Agent.Spool;

/// <summary>How much may wait, and for how long (issue 2: 14 days or 256 MiB).</summary>
sealed record SpoolLimits
{
    public long ChunkBytes { get; init; } = 1024 * 1024;

    public long Bytes { get; init; } = 256 * 1024 * 1024;

    public int Days { get; init; } = 14;

    /// <summary>Records between the oldest waiting one and the newest: what the bookmark has room for.</summary>
    public int Span { get; init; } = 400_000;
}
