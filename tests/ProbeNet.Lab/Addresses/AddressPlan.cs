using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Addresses;

/// <summary>
/// Who has which address. 11.0.0.0/8 and 2d0b::/16 stand for the public Internet: nobody announces them, and unlike the
/// documentation ranges no list of bogons holds them. 11.A.B.C and 2d0b:A:B::C are the same host.
/// </summary>
sealed class AddressPlan
{
    readonly Country _country;
    readonly Dictionary<string, AddressPair> _sites;

    public AddressPlan(Country country)
    {
        _country = country;
        _sites = country.Domains.Concat(country.References.Select(input => new Uri(input).Host))
            .Select((domain, index) => (domain, index))
            .ToDictionary(pair => pair.domain, pair => Of(FirstHosting + pair.index % HostingNetworks, pair.index % 250, 10 + pair.index / 250), StringComparer.Ordinal);
    }

    public const int FirstHosting = 200, HostingNetworks = 8;
    const uint HostingAsn = 64600;

    public const uint GatewayAsn = 64500;

    public static AddressPair Authority { get; } = Of(210, 0, 53);

    public static AddressPair PublicResolver { get; } = Of(208, 8, 8);

    public static AddressPair OtherResolver { get; } = Of(209, 9, 9);

    public static AddressPair Collector { get; } = Of(170, 0, 10);

    /// <summary>Somebody abroad who looks at the collector's pages.</summary>
    public static AddressPair Reader { get; } = Of(180, 0, 10);

    /// <summary>Where a resolver that invents answers leads people to. Nobody is there.</summary>
    public static AddressPair Advertising { get; } = Of(180, 0, 20);

    public const string CollectorName = "collector.example";

    /// <summary>The public resolvers' names for DNS over HTTPS.</summary>
    public const string ResolverName = "dns.example", OtherResolverName = "names.example";

    public IReadOnlyDictionary<string, AddressPair> Sites => _sites;

    /// <summary>Places that a content network answers from, beside the first.</summary>
    public const int Edges = 3;

    /// <param name="edge">0 is the site's ordinary place; the others stand in other networks.</param>
    public AddressPair Edge(string site, int edge)
    {
        var bytes = _sites[site].V4.GetAddressBytes();
        return Of(FirstHosting + (bytes[1] - FirstHosting + edge) % HostingNetworks, bytes[2], bytes[3] + 64 * edge);
    }

    /// <summary>Every address that a site may be served at.</summary>
    public IEnumerable<IPAddress> Places(string site) => Enumerable.Range(0, Edges).SelectMany(edge => Edge(site, edge).All);

    /// <summary>The country's own networks, as nftables writes them.</summary>
    public IEnumerable<string> Inside(AddressFamily family) => Enumerable.Range(1, _country.Isps.Length)
        .Select(isp => family == AddressFamily.InterNetwork ? $"11.{isp}.0.0/16" : $"2d0b:{isp}::/32");

    public bool IsInside(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var second = plain.AddressFamily == AddressFamily.InterNetwork ? bytes[1] : bytes[3];
        return second >= 1 && second <= _country.Isps.Length;
    }

    /// <summary>Nothing listens on port 53 there: it is a web server.</summary>
    public IPAddress NonResolver => _sites[new Uri(_country.References[0]).Host].V4;

    /// <param name="isp">1 for the first.</param>
    public AddressPair Resolver(int isp) => OfIsp(isp, 0, 53);

    public AddressPair Blockpage(int isp) => OfIsp(isp, 0, 80);

    /// <summary>A proxy of the ISP's own that passes everything on.</summary>
    public AddressPair Proxy(int isp) => OfIsp(isp, 0, 90);

    public AddressPair ServiceRouter(int isp) => OfIsp(isp, 0, 1);

    /// <summary>Between an ISP's access router and its core.</summary>
    public AddressPair Trunk(int isp, int side) => OfIsp(isp, 255, side);

    /// <summary>What the ISP gives the home router: public, or of RFC 6598's range behind a carrier's NAT.</summary>
    /// <param name="isp">1 for the first.</param>
    /// <param name="line">1 for the first.</param>
    public AddressPair Line(int isp, int line) => LineSide(isp, line, 10);

    public AddressPair LineRouter(int isp, int line) => LineSide(isp, line, 1);

    /// <summary>What the world sees of the lines behind a carrier's NAT.</summary>
    public static IReadOnlyList<IPAddress> CarrierPool(int isp) => [Of(isp, 0, 200).V4, Of(isp, 0, 201).V4];

    /// <summary>A house's network: private in IPv4; in IPv6 a network of the /56 that belongs to the line.</summary>
    /// <param name="isp">1 for the first.</param>
    /// <param name="line">1 for the first.</param>
    /// <param name="room">0 for the first network in the house.</param>
    /// <param name="side">1 is the router.</param>
    public AddressPair Home(int isp, int line, int room, int side) => new(
        new IPAddress([192, 168, (byte)(10 + line + 100 * room), (byte)side]),
        HasIpv6(isp) ? IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2d0b:{isp}:{line:x}{room:x2}::{(side == 1 ? "1" : $"5c:{isp}{line}:{side:x}")}")) : null);

    /// <summary>The /56 of a line, routed to its home router.</summary>
    public static string Delegated(int isp, int line) => string.Create(CultureInfo.InvariantCulture, $"2d0b:{isp}:{line:x}00::/56");

    /// <summary>What a line sends from, as its ISP sees it and nftables writes it.</summary>
    /// <param name="name">"alfa-1".</param>
    /// <exception cref="ArgumentException">There is no such line.</exception>
    public IEnumerable<string> Sources(string name)
    {
        var dash = name.LastIndexOf('-');
        var isp = dash < 0 ? 0 : 1 + Array.FindIndex(_country.Isps, one => one.Name == name[..dash]);
        if (isp == 0 || !int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line) || line < 1 || line > _country.Subscribers)
            throw new ArgumentException($"no line '{name}'", nameof(name));
        return HasIpv6(isp) ? [$"{Line(isp, line).V4}", Delegated(isp, line)] : [$"{Line(isp, line).V4}"];
    }

    public static AddressPair Control(int number) => Of(160 + number - 1, 0, 10);

    /// <summary>Segments of the gateway's own network.</summary>
    public static AddressPair Gateway(int segment, int side) => Of(100, segment, side);

    /// <summary>Where the country's ISPs meet.</summary>
    public static AddressPair DomesticExchange(int segment, int side) => Of(101, segment, side);

    /// <summary>Beyond the gateway.</summary>
    public static AddressPair ForeignExchange(int segment, int side) => Of(102, segment, side);

    /// <summary>Everything that has a name.</summary>
    public IReadOnlyDictionary<string, AddressPair> Names => _sites
        .Append(new(CollectorName, Collector)).Append(new(ResolverName, PublicResolver)).Append(new(OtherResolverName, OtherResolver))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Lines of ip2asn's TSV: first address, last address, AS number, country, name.</summary>
    public IEnumerable<string> AsnTable()
    {
        var foreign = Enumerable.Range(0, HostingNetworks).Select(number => (FirstHosting + number, HostingAsn + (uint)number, "SE", $"Hosting {number + 1}"));
        var isps = _country.Isps.Select((isp, index) => (index + 1, isp.Asn, _country.Cc, isp.Title));
        var controls = _country.Controls.Select((control, index) => (160 + index, control.Asn, control.Cc!, control.Title));
        return from network in (IEnumerable<(int Second, uint Asn, string Cc, string Name)>)
            [
                .. isps, (100, GatewayAsn, _country.Cc, "National Gateway"), (101, 64599, _country.Cc, "Domestic Exchange"),
                (102, 64699, "SE", "Foreign Exchange"), .. controls, (170, 64570, "SE", "Collector Hosting"), (180, 64580, "SE", "Reading Room"), .. foreign,
                (208, 64608, "SE", "Public Resolver"), (209, 64609, "SE", "Other Resolver"), (210, 64610, "SE", "Name Servers"),
            ]
               from range in new[] { $"11.{network.Second}.0.0\t11.{network.Second}.255.255", $"2d0b:{network.Second}::\t2d0b:{network.Second}:ffff:ffff:ffff:ffff:ffff:ffff" }
               select $"{range}\t{network.Asn}\t{network.Cc}\t{network.Name}";
    }

    public bool HasIpv6(int isp) => _country.Isps[isp - 1].Ipv6;

    AddressPair OfIsp(int isp, int third, int fourth) => HasIpv6(isp) ? Of(isp, third, fourth) : Of(isp, third, fourth).Only4;

    AddressPair LineSide(int isp, int line, int side)
    {
        var open = OfIsp(isp, line, side);
        // The /56 of the line is the house's; the cable to it is numbered elsewhere.
        var cable = open.V6 is null ? null : Of(isp, 0xff00 + line, side).V6;
        return _country.Isps[isp - 1].Cgnat ? new(new IPAddress([100, (byte)(64 + isp), (byte)line, (byte)side]), cable) : open with { V6 = cable };
    }

    static AddressPair Of(int second, int third, int fourth) => new(
        new IPAddress([11, (byte)second, (byte)third, (byte)fourth]),
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2d0b:{second}:{third:x}::{fourth:x}")));
}
