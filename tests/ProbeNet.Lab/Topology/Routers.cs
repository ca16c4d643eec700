using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Topology;

/// <summary>How hosts become routers and learn ways.</summary>
static class Routers
{
    public static Host Forward(this Host host)
    {
        host.Sysctl("net.ipv4.ip_forward", "1");
        host.Sysctl("net.ipv6.conf.all.forwarding", "1");
        // One ICMP error a second and target would show as false gaps in every path.
        host.Sysctl("net.ipv4.icmp_ratelimit", "0");
        host.Sysctl("net.ipv6.icmp.ratelimit", "0");
        host.Sysctl("net.ipv4.conf.all.rp_filter", "0");
        host.Sysctl("net.ipv4.conf.default.rp_filter", "0");
        return host;
    }

    public static void DefaultVia(this Host host, AddressPair router)
    {
        host.Ip($"route add default via {router.V4}\n");
        if (router.V6 is { } v6)
            host.Ip($"route add default via {v6}\n");
    }

    /// <summary>Leads everything whose second number is <paramref name="second"/> to a router.</summary>
    public static void Lead(this Host host, int second, AddressPair via) => host.Ip(
        $"route add 11.{second}.0.0/16 via {via.V4}\nroute add 2d0b:{second}::/32 via {via.V6}\n");

    /// <summary>A host abroad has its address on no cable; its router is told.</summary>
    public static void Serve(this Host host, AddressPair address, AddressPair near, Host router, AddressPair far)
    {
        host.Ip($"""
            addr add {address.V4}/32 dev lo
            addr add {address.V6}/128 dev lo nodad
            route replace default via {far.V4} src {address.V4}
            route replace default via {far.V6} src {address.V6}
            """ + "\n");
        router.Ip($"route add {address.V4}/32 via {near.V4}\nroute add {address.V6}/128 via {near.V6}\n");
    }
}
