using System.Net;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Topology;

/// <summary>
/// The hosts and cables of a country.
/// <code>
/// alfa (see ProviderNetwork) ─┐
/// bravo ──────────────────────┼─ border ─ gateway-in ─ gateway ─ gateway-out ─ ix ─┬─ world      sites, name servers, public resolvers
/// carol ──────────────────────┘                                                    ├─ control-1
///                                                                                  ├─ transit ─ control-2
///                                                                                  ├─ collector
///                                                                                  └─ reader
/// </code>
/// Traffic between ISPs meets border only; foreign traffic also the gateway.
/// </summary>
sealed class CountryNetwork : IDisposable
{
    readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);
    readonly Dictionary<string, IPAddress> _homes = new(StringComparer.Ordinal);

    public CountryNetwork(Country country, AddressPlan plan)
    {
        Country = country;
        var border = Make("border").Forward();
        Providers = [.. country.Isps.Select((isp, index) => new ProviderNetwork(isp, index + 1, country.Subscribers, plan, border, Make))];
        foreach (var (isp, number) in country.Isps.Select((isp, index) => (isp, index + 1)))
        {
            for (var line = 1; line <= country.Subscribers; line++)
                _homes[$"{isp.Name}-{line}"] = plan.Home(number, line, 0, 1).V4;
        }
        Gateway = Make("gateway").Forward();
        var exchange = JoinGateway(border, country.Isps.Length);
        World = Foreign("world", exchange, 10);
        exchange.Ip("route add 2d0b:200::/29 via " + AddressPlan.ForeignExchange(10, 1).V6 + "\n");
        exchange.Ip("route add 11.200.0.0/13 via " + AddressPlan.ForeignExchange(10, 1).V4 + "\n");
        for (var number = 0; number < AddressPlan.HostingNetworks; number++)
            World.Ip($"route add local 11.{AddressPlan.FirstHosting + number}.0.0/16 dev lo\nroute add local 2d0b:{AddressPlan.FirstHosting + number}::/32 dev lo\n");
        foreach (var address in new[] { AddressPlan.Authority, AddressPlan.OtherResolver, AddressPlan.PublicResolver })
            Serve(World, address, exchange, 10);
        Abroad("collector", AddressPlan.Collector, exchange, 11);
        Abroad("reader", AddressPlan.Reader, exchange, 12);
        for (var number = 1; number <= country.Controls.Length; number++)
            Abroad(country.Controls[number - 1].Name, AddressPlan.Control(number), number == 1 ? exchange : Transit(exchange, 20 + number, AddressPlan.Control(number)), 30 + number);
        // First every cable, then what stands on them.
        foreach (var host in _hosts.Values)
            host.LayCables();
        foreach (var host in _hosts.Values)
            host.Settle();
    }

    public Country Country { get; }

    public IReadOnlyList<ProviderNetwork> Providers { get; }

    public Host Gateway { get; }

    public Host World { get; }

    public IEnumerable<Host> Hosts => _hosts.Values;

    public Host this[string name] => _hosts.TryGetValue(name, out var host) ? host : throw new ArgumentException($"no host '{name}'; there are {string.Join(", ", _hosts.Keys)}", nameof(name));

    /// <summary>The volunteers' hosts of an ISP, one for each house and then the housemates.</summary>
    public IEnumerable<string> Subscribers(Isp isp) => Enumerable.Range(1, Country.Subscribers).Select(number => $"{isp.Name}-{number}")
        .Concat(Enumerable.Range(1, isp.Housemates).Select(number => $"{isp.Name}-1{(char)('a' + number)}"));

    /// <summary>The box in a volunteer's house, as the house sees it.</summary>
    public IPAddress Home(string name) => _homes[name];

    public void Dispose()
    {
        foreach (var host in _hosts.Values)
            host.Dispose();
    }

    Host JoinGateway(Host border, int isps)
    {
        var (entry, exit, exchange) = (Make("gateway-in").Forward(), Make("gateway-out").Forward(), Make("ix").Forward());
        Host[] chain = [border, entry, Gateway, exit, exchange];
        for (var hop = 1; hop < chain.Length; hop++)
        {
            var (near, far) = hop == chain.Length - 1 ? (AddressPlan.ForeignExchange(1, 1), AddressPlan.ForeignExchange(1, 2)) : (AddressPlan.Gateway(hop, 1), AddressPlan.Gateway(hop, 2));
            Link.Join(chain[hop - 1], near, chain[hop], far);
            chain[hop - 1].DefaultVia(far);
            for (var isp = 1; isp <= isps; isp++)
                chain[hop].Lead(isp, near);
            foreach (var network in (int[])[100, 101])
                chain[hop].Lead(network, near);
        }
        return exchange;
    }

    void Abroad(string name, AddressPair address, Host router, int segment)
    {
        var host = Foreign(name, router, segment);
        Serve(host, address, router, segment);
        host.UseResolver(AddressPlan.PublicResolver.V4);
    }

    /// <summary>One more router on the way, and with it a longer way than everybody else's.</summary>
    Host Transit(Host exchange, int segment, AddressPair beyond)
    {
        var router = Make($"transit-{segment - 20}").Forward();
        var (near, far) = (AddressPlan.ForeignExchange(segment, 1), AddressPlan.ForeignExchange(segment, 2));
        Link.Join(router, near, exchange, far);
        router.DefaultVia(far);
        exchange.Ip($"route add {beyond.V4}/32 via {near.V4}\nroute add {beyond.V6}/128 via {near.V6}\n");
        return router;
    }

    /// <summary>A network abroad. Its hosts answer from their own addresses, not from the cable's.</summary>
    Host Foreign(string name, Host router, int segment)
    {
        var host = Make(name);
        Link.Join(host, AddressPlan.ForeignExchange(segment, 1), router, AddressPlan.ForeignExchange(segment, 2));
        return host;
    }

    static void Serve(Host host, AddressPair address, Host router, int segment) =>
        host.Serve(address, AddressPlan.ForeignExchange(segment, 1), router, AddressPlan.ForeignExchange(segment, 2));

    Host Make(string name) => _hosts[name] = new Host(name);
}
