using System.Net;
using System.Net.Sockets;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>One measurement seen through one address family alone: many lines have a broken IPv6, and some blocks forget it.</summary>
static class AddressFamilies
{
    public static readonly (string Name, AddressFamily Family)[] All = [("ipv4", AddressFamily.InterNetwork), ("ipv6", AddressFamily.InterNetworkV6)];

    /// <summary>True when connections were tried over both.</summary>
    public static bool AreBothTried(Observation seen) => All.All(one => seen.Tcp.Any(c => c.Endpoint.Address.AddressFamily == one.Family));

    public static Observation Only(Observation seen, AddressFamily family)
    {
        var type = family == AddressFamily.InterNetwork ? "A" : "AAAA";
        return seen with
        {
            Dns = [.. seen.Dns.Where(q => q.QueryType == type || q.QueryType.Length == 0)],
            Tcp = [.. seen.Tcp.Where(c => Is(c.Endpoint.Address))],
            Tls = [.. seen.Tls.Where(h => Is(h.Endpoint.Address))],
            Http = [.. seen.Http.Where(e => Is(e.Endpoint.Address))],
            Arms = [.. seen.Arms.Where(e => Is(e.Endpoint.Address))],
            Quic = [.. seen.Quic.Where(q => Is(q.Endpoint.Address))],
        };

        bool Is(IPAddress address) => address.AddressFamily == family;
    }
}
