using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Lab.Interference;

/// <summary>Connections to a port of the addresses are taken by a server of the censor's on the path.</summary>
/// <param name="port">Of the address.</param>
/// <param name="listener">Port of the censor's server on the router.</param>
sealed class ServerReplaced(IReadOnlyList<IPAddress> addresses, int port, int listener) : IServerInterference
{
    public string Redirections => string.Join('\n',
        from family in addresses.GroupBy(address => address.AddressFamily)
        let ip = family.Key == AddressFamily.InterNetwork ? "ip" : "ip6"
        select $"{ip} daddr {{ {string.Join(", ", family)} }} tcp dport {port} redirect to :{listener}");
}
