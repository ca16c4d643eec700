using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Noise;

/// <summary>The box in a house, as far as it is broken.</summary>
/// <param name="uplink">Its interface towards the provider.</param>
sealed class HomeRouter(Host router, string uplink)
{
    public const int PortalPort = 8880, InterceptedPort = 8443;

    /// <summary>Exactly these are in force afterwards.</summary>
    public void Apply(IReadOnlyCollection<string> kinds)
    {
        var first = string.Join('\n', kinds.Select(First).OfType<string>());
        var redirected = string.Join('\n', kinds.Select(Redirected).OfType<string>());
        router.Tool("nft", ["-f", "-"], $$"""
            add table inet noise
            delete table inet noise
            table inet noise {
              chain first {
                type filter hook prerouting priority -300;
                {{first}}
              }
              chain redirected {
                type nat hook prerouting priority -100;
                {{redirected}}
              }
            }
            """ + "\n");
    }

    // Before anything else looks at a packet: both directions pass here, and what is meant for the box itself.
    string? First(string kind) => kind switch
    {
        "loss.1" => "numgen random mod 1000 < 10 drop",
        "loss.5" => "numgen random mod 1000 < 50 drop",
        "router.dead" => "iifname != \"lo\" drop",
        "ipv6.broken" => "meta nfproto ipv6 ip6 daddr 2d0b::/16 drop",
        // As portals do: nothing encrypted before the login.
        "portal" => $"iifname != \"{uplink}\" tcp dport 443 reject with tcp reset",
        _ => null,
    };

    string? Redirected(string kind) => kind switch
    {
        "router.lying" => $"iifname != \"{uplink}\" udp dport 53 redirect",
        "portal" => $"iifname != \"{uplink}\" tcp dport 80 redirect to :{PortalPort}",
        "filter.trusted" or "filter.untrusted" => $"iifname != \"{uplink}\" tcp dport 443 redirect to :{InterceptedPort}",
        _ => null,
    };
}
