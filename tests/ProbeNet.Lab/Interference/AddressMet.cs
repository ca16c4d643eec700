using System.Net;

namespace ProbeNet.Lab.Interference;

/// <summary>Packets to the addresses meet a rule of the router.</summary>
/// <param name="then">What nftables says after "ip daddr { ... }".</param>
sealed class AddressMet(IReadOnlyList<IPAddress> addresses, string then) : IAddressInterference
{
    public string FirewallRules => AddressSet.Rules(addresses, then);
}
