using System.Net;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Addresses;

/// <summary>
/// Who has which address. 11.0.0.0/8 stands for the public Internet: it is routed nowhere near the lab, and unlike the
/// documentation ranges no list of bogons holds it.
/// </summary>
sealed class AddressPlan
{
    readonly Country _country;
    readonly Dictionary<string, IPAddress> _sites;

    public AddressPlan(Country country)
    {
        _country = country;
        _sites = country.Domains.Concat(country.References.Select(input => new Uri(input).Host))
            .Select((domain, index) => (domain, index))
            .ToDictionary(pair => pair.domain, pair => Of(200 + pair.index % HostingNetworks, pair.index, 10), StringComparer.Ordinal);
    }

    const int HostingNetworks = 8;
    const uint HostingAsn = 64600;

    public static IPAddress Authority { get; } = Of(210, 0, 53);

    public static IPAddress PublicResolver { get; } = Of(208, 8, 8);

    public static IPAddress Collector { get; } = Of(170, 0, 10);

    public const string CollectorName = "collector.example";

    /// <summary>The public resolver's name for DNS over HTTPS.</summary>
    public const string ResolverName = "dns.example";

    public IReadOnlyDictionary<string, IPAddress> Sites => _sites;

    /// <summary>Nothing listens on port 53 there: it is a web server.</summary>
    public IPAddress NonResolver => _sites[new Uri(_country.References[0]).Host];

    /// <param name="isp">1 for the first.</param>
    public static IPAddress Resolver(int isp) => Of(isp, 0, 53);

    public static IPAddress Blockpage(int isp) => Of(isp, 0, 80);

    public static IPAddress ServiceRouter(int isp) => Of(isp, 0, 1);

    /// <param name="isp">1 for the first.</param>
    /// <param name="number">1 for the first. Each line is a /24 of its own.</param>
    public static IPAddress Subscriber(int isp, int number) => Of(isp, number, 10);

    public static IPAddress SubscriberRouter(int isp, int number) => Of(isp, number, 1);

    public static IPAddress Control(int number) => Of(160 + number - 1, 0, 10);

    public static IPAddress Backbone(int segment, int side) => Of(100, segment, side);

    /// <summary>Everything that has a name.</summary>
    public IReadOnlyDictionary<string, IPAddress> Names => _sites
        .Append(new(CollectorName, Collector)).Append(new(ResolverName, PublicResolver))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Lines of ip2asn's TSV: first address, last address, AS number, country, name.</summary>
    public IEnumerable<string> AsnTable()
    {
        foreach (var (isp, number) in _country.Isps.Select((isp, index) => (isp, index + 1)))
            yield return Line(number, isp.Asn, _country.Cc, isp.Title);
        yield return Line(100, 64500, _country.Cc, "National Gateway");
        foreach (var (control, number) in _country.Controls.Select((control, index) => (control, index)))
            yield return Line(160 + number, control.Asn, control.Cc!, control.Title);
        yield return Line(170, 64570, "SE", "Collector Hosting");
        for (var number = 0; number < HostingNetworks; number++)
            yield return Line(200 + number, HostingAsn + (uint)number, "SE", $"Hosting {number + 1}");
        yield return Line(208, 64608, "SE", "Public Resolver");
        yield return Line(210, 64610, "SE", "Name Servers");
    }

    static string Line(int second, uint asn, string cc, string name) => $"{Of(second, 0, 0)}\t{Of(second, 255, 255)}\t{asn}\t{cc}\t{name}";

    static IPAddress Of(int second, int third, int fourth) => new([11, (byte)second, (byte)third, (byte)fourth]);
}
