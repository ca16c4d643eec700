using System.Net;

namespace ProbeNet.Lab.Interference;

/// <summary>Every connection to the address is answered with a reset, as if nothing listened there.</summary>
sealed class AddressReset(IReadOnlyList<IPAddress> addresses) : IAddressInterference
{
    public string FirewallRules => AddressSet.Rules(addresses, "meta l4proto tcp reject with tcp reset");
}
