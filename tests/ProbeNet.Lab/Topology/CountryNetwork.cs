using System.Net;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Topology;

/// <summary>
/// The hosts and cables of a country.
/// <code>
/// alfa-1..3 ─ alfa-core ─┐
///     alfa-svc ┘         ├─ border ─ gateway ─ ix ─┬─ world      sites, name servers, public resolver
/// bravo-... (same) ──────┘                         ├─ control-1, control-2
///                                                  └─ collector
/// </code>
/// Traffic between ISPs meets border only; foreign traffic also the gateway.
/// </summary>
sealed class CountryNetwork : IDisposable
{
    readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);

    public CountryNetwork(Country country, AddressPlan plan)
    {
        Country = country;
        var gateway = Router("gateway");
        Border = Router("border");
        var exchange = Router("ix");
        Join(Border, gateway, segment: 1);
        Join(gateway, exchange, segment: 2);
        Border.Ip($"route add default via {AddressPlan.Backbone(1, 2)}\n");
        gateway.Ip($"route add default via {AddressPlan.Backbone(2, 2)}\n");
        exchange.Ip($"route add 11.0.0.0/9 via {AddressPlan.Backbone(2, 1)}\n");
        for (var number = 1; number <= country.Isps.Length; number++)
        {
            Attach(country.Isps[number - 1], number);
            gateway.Ip($"route add 11.{number}.0.0/16 via {AddressPlan.Backbone(1, 1)}\n");
        }
        World = Foreign("world", exchange, segment: 3);
        foreach (var address in plan.Sites.Values.Append(AddressPlan.Authority).Append(AddressPlan.PublicResolver))
            Serve(World, address, exchange, segment: 3);
        Serve(Foreign("collector", exchange, segment: 4), AddressPlan.Collector, exchange, segment: 4);
        for (var number = 1; number <= country.Controls.Length; number++)
        {
            var control = Foreign(country.Controls[number - 1].Name, exchange, segment: 4 + number);
            Serve(control, AddressPlan.Control(number), exchange, segment: 4 + number);
            control.UseResolver(AddressPlan.PublicResolver);
        }
        this["collector"].UseResolver(AddressPlan.PublicResolver);
    }

    public Country Country { get; }

    public Host World { get; }

    Host Border { get; }

    public Host this[string name] => _hosts.TryGetValue(name, out var host) ? host : throw new ArgumentException($"no host '{name}'; there are {string.Join(", ", _hosts.Keys)}", nameof(name));

    public IEnumerable<string> Subscribers(Isp isp) => Enumerable.Range(1, Country.Subscribers).Select(number => $"{isp.Name}-{number}");

    public void Dispose()
    {
        foreach (var host in _hosts.Values)
            host.Dispose();
    }

    void Attach(Isp isp, int number)
    {
        var core = Router(isp.Name + "-core");
        Join(core, Border, segment: 10 + number);
        core.Ip($"route add default via {AddressPlan.Backbone(10 + number, 2)}\n");
        Border.Ip($"route add 11.{number}.0.0/16 via {AddressPlan.Backbone(10 + number, 1)}\n");
        var services = Plain(isp.Name + "-svc");
        Link.Join(services, AddressPlan.Resolver(number), core, AddressPlan.ServiceRouter(number), 24);
        services.Ip($"addr add {AddressPlan.Blockpage(number)}/24 dev {core.Name}\nroute add default via {AddressPlan.ServiceRouter(number)}\n");
        foreach (var (name, line) in Subscribers(isp).Select((name, index) => (name, index + 1)))
        {
            var home = Plain(name);
            Link.Join(home, AddressPlan.Subscriber(number, line), core, AddressPlan.SubscriberRouter(number, line), 24);
            home.Ip($"route add default via {AddressPlan.SubscriberRouter(number, line)}\n");
            home.UseResolver(AddressPlan.Resolver(number));
        }
    }

    /// <summary>A network abroad. Its hosts answer from their own addresses, not from the cable's.</summary>
    Host Foreign(string name, Host exchange, int segment)
    {
        var host = Plain(name);
        Link.Join(host, AddressPlan.Backbone(segment, 1), exchange, AddressPlan.Backbone(segment, 2), 24);
        return host;
    }

    static void Serve(Host host, IPAddress address, Host exchange, int segment)
    {
        host.Ip($"addr add {address}/32 dev lo\nroute replace default via {AddressPlan.Backbone(segment, 2)} src {address}\n");
        exchange.Ip($"route add {address}/32 via {AddressPlan.Backbone(segment, 1)}\n");
    }

    static void Join(Host near, Host far, int segment) =>
        Link.Join(near, AddressPlan.Backbone(segment, 1), far, AddressPlan.Backbone(segment, 2), 24);

    Host Plain(string name) => _hosts[name] = new Host(name);

    Host Router(string name)
    {
        var router = Plain(name);
        router.Sysctl("net.ipv4.ip_forward", "1");
        // One ICMP error a second and target would show as false gaps in every path.
        router.Sysctl("net.ipv4.icmp_ratelimit", "0");
        router.Sysctl("net.ipv4.conf.all.rp_filter", "0");
        router.Sysctl("net.ipv4.conf.default.rp_filter", "0");
        return router;
    }
}
