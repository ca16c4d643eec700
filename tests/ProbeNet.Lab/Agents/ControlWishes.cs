using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Lab.Agents;

/// <summary>What controls are asked for, as the collector asks them: names and addresses that volunteers saw.</summary>
static class ControlWishes
{
    /// <summary>What volunteers tried and no control did; what failed, also where controls tried it long ago. Addresses by input.</summary>
    public static Dictionary<string, string[]> Of(IEnumerable<AgentSight> seen, IEnumerable<AgentSight> early, IEnumerable<AgentSight> late)
    {
        var (tested, lately) = (Tested(early), Tested(late));
        var wishes = from sight in seen.Select(sight => ObservationParser.Parse(sight.Details)!)
                     let own = sight.Dns.Where(query => query.Hostname == HostName.Of(sight.Input) && query.Resolver != ResolverNames.NonResolver).SelectMany(query => query.Addresses).ToHashSet()
                     from connect in sight.Tcp
                     where connect.Endpoint.Port == sight.Input.Port && own.Contains(connect.Endpoint.Address) && !lately.Contains(connect.Endpoint)
                     where !tested.Contains(connect.Endpoint) || connect.Failure.Length > 0 || sight.Tls.Any(hello => hello.Endpoint == connect.Endpoint && hello.Failure.Length > 0)
                     group connect.Endpoint.Address.ToString() by sight.Input.OriginalString;
        return wishes.ToDictionary(one => one.Key, one => one.Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
    }

    static HashSet<AddressPort> Tested(IEnumerable<AgentSight> controls) =>
        [.. controls.SelectMany(sight => ObservationParser.Parse(sight.Details)!.Tcp).Select(connect => connect.Endpoint)];
}
