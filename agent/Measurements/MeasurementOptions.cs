using System.Net;
using ProbeNet.Agent.Probes.Dns;

namespace ProbeNet.Agent.Measurements;

/// <summary>What section <c>Agent</c> says about measuring.</summary>
sealed class MeasurementOptions
{
    public const string Section = "Agent";

    /// <summary>As <see cref="ResolverAddress"/> reads them, in place of the signed list's; empty: the system's and the list's.</summary>
    public IList<string> Resolvers { get; set; } = [];

    /// <summary>Innocuous inputs in place of the signed list's.</summary>
    public IList<string> References { get; set; } = [];

    /// <summary>An address of this machine to bind to; empty: the system chooses.</summary>
    public string Interface { get; set; } = "";

    public IPAddress? BoundAddress() => IPAddress.TryParse(Interface, out var address) ? address : null;

    public bool IsValid() =>
        Resolvers.All(text => ResolverAddress.TryParse(text, out _)) && References.All(text => WebMeasurement.TryReadInput(text, out _));
}
