using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Probes.Dns;

namespace ProbeNet.Agent.Measurements;

/// <summary>What must be kept out of everything that is sent, and where nothing may be sent.</summary>
sealed class OwnAddresses(SystemResolvers resolvers, TimeProvider time)
{
    // Reading the interfaces takes milliseconds; a probe asks before each packet.
    static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    readonly Lock _lock = new();
    (IReadOnlyList<IPNetwork> Subnets, long At)? _subnets;

    public IReadOnlyCollection<IPNetwork> Subnets()
    {
        lock (_lock)
        {
            if (_subnets is not { } known || time.GetElapsedTime(known.At) > Lifetime)
                _subnets = known = (OwnNetwork.Subnets(), time.GetTimestamp());
            return known.Subnets;
        }
    }

    /// <summary>A scrubber for what this machine is now.</summary>
    public Scrubber Scrubber() => new(Secrets());

    /// <summary>True where an interface has an address of the public IPv6 internet.</summary>
    public static bool HasIpv6() =>
        Interfaces().SelectMany(properties => properties.UnicastAddresses)
            .Any(one => one.Address.AddressFamily == AddressFamily.InterNetworkV6 && (one.Address.GetAddressBytes()[0] & 0xE0) == 0x20);

    IEnumerable<IPAddress> Secrets() =>
    [
        .. Interfaces().SelectMany(properties => properties.UnicastAddresses.Select(one => one.Address)
            .Concat(properties.GatewayAddresses.Select(one => one.Address))),
        .. resolvers.Find(),
    ];

    static IEnumerable<IPInterfaceProperties> Interfaces() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .Select(one => one.GetIPProperties());
}
