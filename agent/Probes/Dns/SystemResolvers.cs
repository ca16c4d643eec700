using System.Net;
using System.Net.NetworkInformation;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>
/// The resolvers that this machine uses, asked directly, since the system's own call does not tell NXDOMAIN from an
/// empty answer nor SERVFAIL from silence. Their addresses leave this class only towards a socket and the scrubber.
/// </summary>
sealed class SystemResolvers(string configuration = "/etc/resolv.conf", int port = ProbeSockets.DnsPort)
{
    public int Port => port;

    /// <summary>In the system's order; three at most, as the C library reads them.</summary>
    public IReadOnlyList<IPAddress> Find()
    {
        if (OperatingSystem.IsLinux())
            return FromConfiguration();
        return
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(network => network.GetIPProperties().DnsAddresses)
                // Windows lists these well-known site-local addresses where nothing is configured.
                .Where(address => !address.IsIPv6SiteLocal)
                .Distinct()
                .Take(3),
        ];
    }

    List<IPAddress> FromConfiguration()
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(configuration);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lines = [];
        }
        var found = new List<IPAddress>();
        foreach (var line in lines)
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var text, ..] && IPAddress.TryParse(text, out var address) && found.Count < 3)
                found.Add(address);
        }
        // resolv.conf(5): without an entry the resolver on the machine itself is asked.
        return found.Count > 0 ? found : [IPAddress.Loopback];
    }
}
