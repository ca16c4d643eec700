using System.Net;

namespace ProbeNet.Lab.Interference;

/// <summary>Packets to the address vanish.</summary>
sealed class AddressSilenced(IReadOnlyList<IPAddress> addresses) : IAddressInterference
{
    public string FirewallRules => AddressSet.Rules(addresses, "meta l4proto tcp drop");
}
