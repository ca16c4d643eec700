using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Lab.Interference;

/// <summary>nftables' lines for packets to some addresses, of both families.</summary>
static class AddressSet
{
    public static string Rules(IReadOnlyList<IPAddress> addresses, string then)
    {
        var lines = from family in addresses.GroupBy(address => address.AddressFamily)
                    let ip = family.Key == AddressFamily.InterNetwork ? "ip" : "ip6"
                    select $"{ip} daddr {{ {string.Join(", ", family)} }} {then}";
        return string.Join('\n', lines);
    }
}
