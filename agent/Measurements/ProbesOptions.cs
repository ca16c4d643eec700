namespace ProbeNet.Agent.Measurements;

/// <summary>When an extra probe runs.</summary>
enum ProbeUse
{
    Off,
    Anomaly,
    On,
}

/// <summary>Section <c>Agent:Probes</c>.</summary>
sealed class ProbesOptions
{
    public const string Section = "Agent:Probes";

    /// <summary>Compare an innocuous server name with the target's at the same address.</summary>
    public ProbeUse SniComparison { get; set; } = ProbeUse.Anomaly;

    /// <summary>Silence towards an address and port after a failed handshake with the target's name.</summary>
    public TimeSpan ResidualWait { get; set; } = TimeSpan.FromMinutes(3);
}
