namespace ProbeNet.Collector.Fleet;

/// <summary>What an agent said of itself in its last session. The counts are since its key was made.</summary>
/// <param name="Refused">The last offer that it did not take; an empty reason where it took it.</param>
sealed record AgentReport(
    string Version, string List, ulong ListVersion, ulong Produced, ulong Dropped, ulong Waiting, bool Standing, RefusedOffer Refused, RunReport Runs)
{
    public static AgentReport Empty { get; } = new("", "", 0, 0, 0, 0, false, new("", 0, ""), new(0, 0, 0, 0, 0));
}

sealed record RefusedOffer(string List, ulong Version, string Reason);

/// <summary>Sums since the list in force was taken, of this key alone.</summary>
/// <param name="Common">Runs of inputs that the version before had too, and how many of them failed.</param>
sealed record RunReport(uint Runs, ulong Milliseconds, ulong Bytes, uint Common, uint CommonFailed);
