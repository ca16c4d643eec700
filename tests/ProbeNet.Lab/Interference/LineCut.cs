namespace ProbeNet.Lab.Interference;

/// <summary>A shutdown: nothing is forwarded any more, of the whole place or of some networks.</summary>
/// <param name="networks">As nftables writes them, of either family; null for all.</param>
sealed class LineCut(IEnumerable<string>? networks = null) : IAddressInterference
{
    public string FirewallRules => networks is null ? "drop"
        : string.Join('\n', networks.Select(network => $"{(network.Contains(':', StringComparison.Ordinal) ? "ip6" : "ip")} saddr {network} drop"));
}
