using System.Net;
using System.Net.NetworkInformation;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>What the agent knows of the network it is on, without a packet.</summary>
/// <param name="Pause">Why nothing is measured here; empty where it may be.</param>
sealed record NetworkView(LineKind Line, Origin Origin, string Pause);

/// <summary>Keeps the agent quiet where its measurements would be wrong, or a volunteer did not agree to them.</summary>
sealed class NetworkGuard(OwnNetwork network)
{
    public const string Vpn = "vpn";
    public const string OtherCountry = "other_country";

    public NetworkView Look(Enrollment enrollment, TestListSnapshot? list, KeyCertificate? certificate)
    {
        var line = Line();
        var origin = OriginOf(network.Addresses(), list);
        if (origin == Origin.Unknown && certificate is not null)
            origin = new Origin(certificate.Asn, certificate.Cc);
        return new NetworkView(line, origin, Judge(enrollment, line, origin));
    }

    /// <summary>Pure: why nothing should be measured; empty where it may be.</summary>
    public static string Judge(Enrollment enrollment, LineKind line, Origin origin)
    {
        // A control stands where its operator put it.
        if (enrollment.Role == Role.Control)
            return "";
        if (line == LineKind.Tunnel)
            return Vpn;
        return enrollment.Cc.Length > 0 && origin.Cc.Length > 0 && !enrollment.Cc.Equals(origin.Cc, StringComparison.OrdinalIgnoreCase)
            ? OtherCountry
            : "";
    }

    // Behind NAT the machine does not know its public address: then only the collector can tell.
    static Origin OriginOf(IEnumerable<IPAddress> addresses, TestListSnapshot? list) =>
        list is null
            ? Origin.Unknown
            : addresses.Where(AddressPolicy.IsPublic).Select(list.Prefixes.Find).FirstOrDefault(found => found != Origin.Unknown, Origin.Unknown);

    /// <summary>What carries the packets now.</summary>
    public LineKind Line() => LineOf(network.Gateway().Interface);

    static LineKind LineOf(string name) =>
        NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(one => one.Name == name || one.Id == name) is { } found
            ? LineKinds.Of(found.Name, found.NetworkInterfaceType)
            : LineKind.Unknown;
}
