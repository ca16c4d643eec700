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

    /// <summary>Compare an innocuous server name with the target's at the same address. Null: after an anomaly; a control always.</summary>
    public ProbeUse? SniComparison { get; set; }

    /// <summary>Send a QUIC packet to the target's addresses.</summary>
    public ProbeUse Quic { get; set; } = ProbeUse.Off;

    /// <summary>Find the hop that interferes. Null follows the volunteer's consent: after an anomaly, or not at all.</summary>
    public ProbeUse? Localisation { get; set; }

    /// <summary>Silence towards an address and port after a failed handshake with the target's name.</summary>
    public TimeSpan ResidualWait { get; set; } = TimeSpan.FromMinutes(3);
}
