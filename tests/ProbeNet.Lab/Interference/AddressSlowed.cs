using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Lab.Interference;

/// <summary>What comes from the addresses is policed: above the rate packets are lost, connection by connection.</summary>
sealed class AddressSlowed(IReadOnlyList<IPAddress> addresses) : IAddressInterference
{
    /// <summary>As an nftables limit.</summary>
    public const string Rate = "limit rate over 16 kbytes/second burst 6 kbytes";

    public string FirewallRules => string.Join('\n',
        from family in addresses.GroupBy(address => address.AddressFamily)
        let ip = family.Key == AddressFamily.InterNetwork ? "ip" : "ip6"
        let pace = family.Key == AddressFamily.InterNetwork ? "pace4" : "pace6"
        select $"{ip} saddr {{ {string.Join(", ", family)} }} tcp sport {{ 80, 443 }} add @{pace} {{ {ip} daddr . tcp dport {Rate} }} drop");
}
