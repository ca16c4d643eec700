using System.Collections.Frozen;
using Google.Protobuf;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Fleet;

/// <summary>All that the intake must know of the fleet, at one revision. Never changes; a newer one replaces it.</summary>
/// <param name="RevokedKeys">Key ids.</param>
/// <param name="ListKeys">Public keys that sign lists.</param>
sealed record FleetState(
    long Revision,
    CollectorKeys Keys,
    IReadOnlySet<ByteString> RevokedKeys,
    IReadOnlySet<ByteString> RevokedUnits,
    IReadOnlyList<ByteString> ListKeys,
    IReadOnlyList<ListRelease> Releases)
{
    /// <summary>What controls are asked to try.</summary>
    public IReadOnlyList<ControlWish> Wishes { get; init; } = [];

    /// <summary>Where volunteers are to be asked something, and since when they may be.</summary>
    public IReadOnlyDictionary<(string Cc, long Asn), DateTimeOffset> Due { get; init; } = FrozenDictionary<(string Cc, long Asn), DateTimeOffset>.Empty;

    /// <summary>Null where no root was published: then lists go out with the list key's signature alone.</summary>
    public FleetTrust? Trust { get; init; }

    /// <returns>Null when no release is meant for such an agent or in time.</returns>
    public ListRelease? ListFor(AgentTraits agent, DateOnly today) => Releases
        .Where(release => release.Expires > today && release.IsFor(agent))
        .OrderByDescending(release => release.Narrowness)
        .ThenByDescending(release => release.Version)
        .FirstOrDefault();
}
