using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Agent.Probes;

/// <summary>
/// Which addresses a packet may go to: none inside the home. An answer or redirect that names another address is
/// recorded and stays an answer. Ranges: the IANA special-purpose registries (RFC 6890), multicast and the subnets
/// that this machine is in.
/// </summary>
sealed class AddressPolicy
{
    static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // Global unicast is 2000::/3 alone; these lie inside it.
    static readonly IPNetwork[] Special6 =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(text => IPNetwork.Parse(text)),
    ];

    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // NAT64 (RFC 6052): on networks without IPv4 every address of an IPv4 site looks like this.
    static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    readonly Func<IReadOnlyCollection<IPNetwork>> _ownSubnets;
    readonly Func<IPEndPoint, bool>? _testPeer;

    /// <param name="ownSubnets">The subnets this machine is in now.</param>
    public AddressPolicy(Func<IReadOnlyCollection<IPNetwork>> ownSubnets) => _ownSubnets = ownSubnets;

    /// <param name="ownSubnets">The subnets this machine is in now.</param>
    /// <param name="testPeer">Scripted servers of a test. Nothing in the product passes it; a test proves that.</param>
    internal AddressPolicy(Func<IReadOnlyCollection<IPNetwork>> ownSubnets, Func<IPEndPoint, bool> testPeer) : this(ownSubnets) =>
        _testPeer = testPeer;

    /// <summary>A site: a public address on port 80 or 443.</summary>
    public bool AllowsTarget(IPEndPoint peer) =>
        (peer.Port is 80 or 443 && IsPublic(peer.Address) && !IsOwn(peer.Address)) || _testPeer?.Invoke(peer) == true;

    /// <summary>A resolver of the list or of the owner's choice. The system's resolver is the machine's own business.</summary>
    public bool AllowsResolver(IPEndPoint peer) =>
        (IsPublic(peer.Address) && !IsOwn(peer.Address)) || _testPeer?.Invoke(peer) == true;

    /// <summary>True for an address that the public internet can route to.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Array.Exists(Special, network => network.Contains(address));
        if (Translated.Contains(address))
            return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return GlobalUnicast.Contains(address) && !Array.Exists(Special6, network => network.Contains(address));
    }

    /// <summary>The first address of the special range that holds this one; null for a public address.</summary>
    public static IPAddress? RangeOf(IPAddress address)
    {
        if (IsPublic(address))
            return null;
        if (Array.Find(Special, network => network.Contains(address)) is { PrefixLength: > 0 } range)
            return range.BaseAddress;
        var first = new byte[address.GetAddressBytes().Length];
        first[0] = address.GetAddressBytes()[0];
        return new IPAddress(first);
    }

    bool IsOwn(IPAddress address) => _ownSubnets().Any(network => network.Contains(address));
}
