using System.Net;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;

namespace ProbeNet.Agent.Measurements;

/// <summary>A resolver to ask, under the name that stands in observations.</summary>
sealed record NamedResolver(string Name, ResolverAddress Address);

/// <summary>All that a web measurement needs to know beside its input. It comes from the list and the options.</summary>
sealed record WebPlan
{
    /// <summary>The system's resolver first.</summary>
    public required IReadOnlyList<NamedResolver> Resolvers { get; init; }

    /// <summary>An address that runs no resolver: a reply from there was made in the path. Null where none is known.</summary>
    public IPAddress? NonResolver { get; init; }

    public Fingerprints Fingerprints { get; init; } = Fingerprints.None;

    /// <summary>True for the host of an entry that the volunteer's consent covers.</summary>
    public Func<string, bool> Consented { get; init; } = _ => false;

    /// <summary>True for a URL that stands on the list as it is: its query string is no secret.</summary>
    public Func<string, bool> Listed { get; init; } = _ => false;

    /// <summary>A name that nobody blocks, for the comparison of server names; empty when there is none.</summary>
    public string InnocuousName { get; init; } = "";

    /// <summary>
    /// A control does every comparison unasked: a volunteer's counts only where a control's server answered both names.
    /// </summary>
    public bool IsControl { get; init; }

    /// <summary>The volunteer agreed to tests that find where on the path a block sits.</summary>
    public bool Localise { get; init; }

    /// <summary>A router's network, 0 where it is not known, and whether that is the volunteer's own.</summary>
    public Func<IPAddress, (uint Asn, bool Own)> OwnerOf { get; init; } = _ => (0, false);

    /// <summary>Addresses to try beside those that DNS gives; only controls get any.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];
}
