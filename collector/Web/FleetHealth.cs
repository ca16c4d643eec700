using ProbeNet.Collector.Fleet;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Web;

/// <summary>The fleet in counts, without any agent's name.</summary>
/// <param name="Agents">Keys that are neither revoked nor expired.</param>
/// <param name="Heard">Of them, heard of today or yesterday.</param>
sealed record FleetHealth(int Agents, int Heard, IReadOnlyList<FleetIsp> Isps, IReadOnlyList<(string Version, int Agents)> Versions)
{
    public static FleetHealth Of(IEnumerable<AgentKey> keys, DateOnly today, Func<long, string?> nameOf)
    {
        var inForce = keys.Where(key => key.State != "revoked" && key.Expires >= today).ToList();
        bool Heard(AgentKey key) => key.LastDay >= today.AddDays(-1);
        return new(
            inForce.Count, inForce.Count(Heard),
            [
                .. inForce.GroupBy(key => (key.Cc, key.Asn, IsControl: key.Role == Role.Control)).OrderBy(isp => isp.Key).Select(isp => new FleetIsp(
                    isp.Key.Cc, isp.Key.Asn, nameOf(isp.Key.Asn), isp.Key.IsControl, isp.Count(), isp.Count(Heard), isp.Count(key => key.State == "quarantined"),
                    isp.Sum(key => key.Produced), isp.Sum(key => key.Dropped), isp.Sum(key => key.Waiting))),
            ],
            [.. inForce.GroupBy(key => key.Version, StringComparer.Ordinal).OrderByDescending(version => version.Count()).Select(version => (version.Key, version.Count()))]);
    }
}

/// <param name="SetAside">Agents whose measurements count in no cell.</param>
/// <param name="Produced">Measurements that agents say they made; of them dropped for want of space, and still waiting.</param>
sealed record FleetIsp(string Cc, long Asn, string? Name, bool IsControl, int Agents, int Heard, int SetAside, long Produced, long Dropped, long Waiting);
