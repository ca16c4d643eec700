using System.Net;

namespace ProbeNet.Lab.Interference;

/// <summary>Packets to the address vanish.</summary>
sealed class AddressSilenced(IReadOnlyList<IPAddress> addresses) : IAddressInterference
{
    public string FirewallRule => $"ip daddr {{ {string.Join(", ", addresses)} }} meta l4proto tcp drop";
}
