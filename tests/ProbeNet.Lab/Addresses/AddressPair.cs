using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Lab.Addresses;

/// <summary>What a host is called on both internets.</summary>
/// <param name="V6">Null where the host has no IPv6.</param>
sealed record AddressPair(IPAddress V4, IPAddress? V6)
{
    public IEnumerable<IPAddress> All => V6 is null ? [V4] : [V4, V6];

    public IPAddress? Of(AddressFamily family) => family == AddressFamily.InterNetwork ? V4 : V6;

    public AddressPair Only4 => this with { V6 = null };
}
