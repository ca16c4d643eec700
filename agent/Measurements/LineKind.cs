using System.Net.NetworkInformation;

namespace ProbeNet.Agent.Measurements;

/// <summary>What carries the agent's packets, as far as the system tells.</summary>
enum LineKind
{
    Unknown,
    Fixed,
    Mobile,

    /// <summary>Measurements would be those of wherever the tunnel ends.</summary>
    Tunnel,
}

static class LineKinds
{
    // Linux gives most of these the type Ethernet; their names are what tells.
    static readonly string[] Tunnels = ["tun", "tap", "wg", "ppp", "ipsec", "vti", "gre", "utun", "nordlynx", "proton", "tailscale", "zt"];
    static readonly string[] Mobiles = ["wwan", "rmnet", "wwp", "wws", "wwu"];

    public static LineKind Of(string name, NetworkInterfaceType type)
    {
        if (type is NetworkInterfaceType.Ppp or NetworkInterfaceType.Tunnel || Array.Exists(Tunnels, known => Is(name, known)))
            return LineKind.Tunnel;
        if (type is NetworkInterfaceType.Wwanpp or NetworkInterfaceType.Wwanpp2 || Array.Exists(Mobiles, known => Is(name, known)))
            return LineKind.Mobile;
        return type is NetworkInterfaceType.Ethernet or NetworkInterfaceType.Wireless80211 or NetworkInterfaceType.GigabitEthernet
            ? LineKind.Fixed
            : LineKind.Unknown;
    }

    static bool Is(string name, string known) => name.StartsWith(known, StringComparison.OrdinalIgnoreCase);
}
