using System.Net;
using ProbeNet.Agent.Probes.Dns;

namespace ProbeNet.Agent.Measurements;

/// <summary>What section <c>Agent</c> says about measuring.</summary>
sealed class MeasurementOptions
{
    public const string Section = "Agent";

    /// <summary>As <see cref="ResolverAddress"/> reads them, in place of the signed list's; empty: the system's and the list's.</summary>
    public IList<string> Resolvers { get; set; } = [];

    /// <summary>An address that runs no resolver, in place of the signed list's.</summary>
    public string NonResolver { get; set; } = "";

    /// <summary>Innocuous inputs in place of the signed list's.</summary>
    public IList<string> References { get; set; } = [];

    /// <summary>An address of this machine to bind to; empty: the system chooses.</summary>
    public string Interface { get; set; } = "";

    /// <summary>Days for which the machine remembers what it measured; 0 keeps nothing.</summary>
    public int HistoryDays { get; set; } = 7;

    /// <summary>Only how finely times are kept depends on it here.</summary>
    public SessionKind Session { get; set; } = new();

    public IPAddress? BoundAddress() => IPAddress.TryParse(Interface, out var address) ? address : null;

    public bool IsValid() =>
        (NonResolver.Length == 0 || IPAddress.TryParse(NonResolver, out _)) && HistoryDays is >= 0 and <= 30 && Resolvers.All(text => ResolverAddress.TryParse(text, out _)) && References.All(text => WebMeasurement.TryReadInput(text, out _));
}

/// <summary>Section <c>Agent:Session</c>, as far as measuring needs it.</summary>
sealed class SessionKind
{
    const uint StandingGrain = 60;
    const uint BriefGrain = 600;

    /// <summary>`brief` or `standing`; empty: standing for a control.</summary>
    public string Mode { get; set; } = "";

    /// <summary>Seconds to which times are floored.</summary>
    public uint Grain(bool control) =>
        (Mode.Length == 0 && control) || Mode.Equals("standing", StringComparison.OrdinalIgnoreCase) ? StandingGrain : BriefGrain;
}
