using System.Net;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>One measurement seen through one address family alone: many lines have a broken IPv6, and some blocks forget it.</summary>
static class AddressFamilies
{
    const int BytesOfIpv4 = 4, BytesOfIpv6 = 16;

    /// <summary>Each with the length of its addresses.</summary>
    public static readonly (string Name, int Length)[] All = [("ipv4", BytesOfIpv4), ("ipv6", BytesOfIpv6)];

    /// <summary>True when connections were tried over both.</summary>
    public static bool AreBothTried(Observation seen) => All.All(one => seen.Tcp.Any(c => Is(c.Endpoint.Address, one.Length)));

    public static Observation Only(Observation seen, int length)
    {
        var type = length == BytesOfIpv4 ? "A" : "AAAA";
        return seen with
        {
            Dns = [.. seen.Dns.Where(q => q.QueryType == type || q.QueryType.Length == 0)],
            Tcp = [.. seen.Tcp.Where(c => Is(c.Endpoint.Address, length))],
            Tls = [.. seen.Tls.Where(h => Is(h.Endpoint.Address, length))],
            Http = [.. seen.Http.Where(e => Is(e.Endpoint.Address, length))],
            Arms = [.. seen.Arms.Where(e => Is(e.Endpoint.Address, length))],
            Quic = [.. seen.Quic.Where(q => Is(q.Endpoint.Address, length))],
        };
    }

    static bool Is(IPAddress address, int length) => address.GetAddressBytes().Length == length;
}
