using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Middlebox;

/// <summary>The router's table of addresses that it does not let through, slows, or leads elsewhere.</summary>
sealed class Firewall(Host router)
{
    public void Apply(IEnumerable<IAddressInterference> interference, IEnumerable<IServerInterference> servers)
    {
        var rules = string.Join('\n', interference.Select(rule => rule.FirewallRules));
        var redirections = string.Join('\n', servers.Select(rule => rule.Redirections));
        // Connections with a name that is slowed are entered by the box that read it (slowed4, slowed6); each has a pace of its own.
        router.Tool("nft", ["-f", "-"], $$"""
            add table inet interference
            delete table inet interference
            table inet interference {
              set slowed4 { type ipv4_addr . inet_service; }
              set slowed6 { type ipv6_addr . inet_service; }
              set pace4 { type ipv4_addr . inet_service; flags dynamic; size 65535; }
              set pace6 { type ipv6_addr . inet_service; flags dynamic; size 65535; }
              chain blocked {
                type filter hook forward priority 0;
                {{rules}}
                ip daddr . tcp dport @slowed4 add @pace4 { ip daddr . tcp dport {{AddressSlowed.Rate}} } drop
                ip6 daddr . tcp dport @slowed6 add @pace6 { ip6 daddr . tcp dport {{AddressSlowed.Rate}} } drop
              }
              chain taken {
                type nat hook prerouting priority -100;
                {{redirections}}
              }
            }
            """ + "\n");
    }

    /// <summary>What comes back to this client and port is policed from now on.</summary>
    public void Slow(IPAddress client, int port) =>
        router.Tool("nft", ["add", "element", "inet", "interference", client.AddressFamily == AddressFamily.InterNetwork ? "slowed4" : "slowed6", $"{{ {client} . {port} }}"]);
}
