using System.Net;
using System.Net.NetworkInformation;

namespace ProbeNet.Agent.Identity;

/// <summary>What this machine itself knows of the network it is on. Read afresh each time; nothing is kept.</summary>
sealed class OwnNetwork(IdentityOptions options)
{
    /// <summary>The network the agent's packets leave by.</summary>
    public Gateway Gateway() =>
        OperatingSystem.IsLinux() ? LinuxGateway.Read("/proc/net", BoundInterface()) : SystemGateway();

    /// <summary>Where no probe may go (mission, volunteer safety 5).</summary>
    public static IReadOnlyList<IPNetwork> Subnets() => [.. Unicast().Select(a => Subnet(a.Address, a.PrefixLength))];

    /// <summary>Addresses of this machine, for a look into the signed prefix table. Never stored, never sent.</summary>
    public IReadOnlyList<IPAddress> Addresses() =>
        options.Interface is { Length: > 0 } bound ? [IPAddress.Parse(bound)] : [.. Unicast().Select(a => a.Address)];

    static IPNetwork Subnet(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(new IPAddress(bytes), length);
    }

    static List<UnicastIPAddressInformation> Unicast() =>
        [.. Interfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses)];

    static IEnumerable<NetworkInterface> Interfaces() =>
        NetworkInterface.GetAllNetworkInterfaces().Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown);

    string? BoundInterface() =>
        options.Interface is { Length: > 0 } bound
            ? Interfaces().FirstOrDefault(i => i.GetIPProperties().UnicastAddresses.Any(a => a.Address.Equals(IPAddress.Parse(bound))))?.Name
            : null;

    Gateway SystemGateway()
    {
        var only = BoundInterface();
        return Interfaces()
            .Where(i => only is null || i.Name == only)
            .SelectMany(i => i.GetIPProperties().GatewayAddresses.Select(g => new Gateway(i.Id, g.Address.ToString(), "")))
            .OrderBy(g => g.Address.Contains(':', StringComparison.Ordinal))
            .FirstOrDefault(Identity.Gateway.None);
    }
}
