using System.Net.Sockets;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Topology;

/// <summary>
/// One ISP's hosts and cables.
/// <code>
/// alfa-1 ─ alfa-1-router ─┐
/// alfa-2 ─ alfa-2-router ─┼─ alfa-access ─ alfa-core ─ border
///                            alfa-svc ────┘
/// </code>
/// The house translates IPv4 and routes IPv6; a carrier's NAT is the core's.
/// </summary>
sealed class ProviderNetwork
{
    readonly AddressPlan _plan;
    readonly int _number;
    readonly Func<string, Host> _host;
    readonly Host _access;

    /// <param name="isp">Its hosts are named after it.</param>
    /// <param name="number">1 for the first.</param>
    /// <param name="lines">Houses.</param>
    /// <param name="border">Where the ISPs meet.</param>
    /// <param name="host">Makes a host.</param>
    public ProviderNetwork(Isp isp, int number, int lines, AddressPlan plan, Host border, Func<string, Host> host)
    {
        (_plan, _number, _host) = (plan, number, host);
        _access = host(isp.Name + "-access").Forward();
        Core = host(isp.Name + "-core").Forward();
        Link.Join(_access, plan.Trunk(number, 1), Core, plan.Trunk(number, 2));
        _access.DefaultVia(plan.Trunk(number, 2));
        // What no line has would go round in circles.
        _access.Ip($"route add unreachable 11.{number}.0.0/16\nroute add 11.{number}.0.0/24 via {plan.Trunk(number, 2).V4}\n");
        var (near, far) = (AddressPlan.DomesticExchange(number, 1), AddressPlan.DomesticExchange(number, 2));
        Link.Join(Core, isp.Ipv6 ? near : near.Only4, border, isp.Ipv6 ? far : far.Only4);
        Core.DefaultVia(isp.Ipv6 ? far : far.Only4);
        border.Ip($"route add 11.{number}.0.0/16 via {near.V4}\n");
        Core.Ip($"route add 11.{number}.0.0/16 via {plan.Trunk(number, 1).V4}\n");
        if (isp.Ipv6)
        {
            border.Ip($"route add 2d0b:{number}::/32 via {near.V6}\n");
            Core.Ip($"route add 2d0b:{number}::/32 via {plan.Trunk(number, 1).V6}\n");
        }
        foreach (var address in plan.Proxy(number).All)
            Core.Ip($"addr add {address}/{(address.AddressFamily == AddressFamily.InterNetwork ? "32" : "128 nodad")} dev lo\n");
        if (isp.Cgnat)
            ShareAddresses(border);
        Services = AddServices(isp);
        for (var line = 1; line <= lines; line++)
            AddHouse(isp, line, line == 1 ? isp.Housemates : 0);
    }

    public Host Core { get; }

    public Host Services { get; }

    public static string Router(string home) => home + "-router";

    Host AddServices(Isp isp)
    {
        var services = _host(isp.Name + "-svc");
        var router = _plan.ServiceRouter(_number);
        Link.Join(services, _plan.Resolver(_number), Core, router);
        var page = _plan.Blockpage(_number);
        services.Ip($"addr add {page.V4}/24 dev {Link.Name(Core)}\n");
        if (page.V6 is { } v6)
            services.Ip($"addr add {v6}/64 dev {Link.Name(Core)} nodad\n");
        services.DefaultVia(router);
        return services;
    }

    void AddHouse(Isp isp, int line, int housemates)
    {
        var name = $"{isp.Name}-{line}";
        var router = _host(Router(name)).Forward();
        var (near, far) = (_plan.Line(_number, line), _plan.LineRouter(_number, line));
        Link.Join(router, near, _access, far);
        router.DefaultVia(far);
        if (near.V6 is { } v6)
            _access.Ip($"route add {AddressPlan.Delegated(_number, line)} via {v6}\n");
        router.Tool("nft", ["-f", "-"], $$"""
            table ip home {
              chain out {
                type nat hook postrouting priority 100;
                oifname "{{Link.Name(_access)}}" masquerade
              }
            }
            """ + "\n");
        for (var room = 0; room <= housemates; room++)
        {
            var home = _host(room == 0 ? name : $"{name}{(char)('a' + room)}");
            Link.Join(home, _plan.Home(_number, line, room, 23 + room), router, _plan.Home(_number, line, room, 1));
            home.DefaultVia(_plan.Home(_number, line, room, 1));
            // As people have it: most ask the box in the house, which asks the ISP's; some ask the ISP's themselves.
            home.UseResolver(line % 3 == 2 ? _plan.Resolver(_number).V4 : _plan.Home(_number, line, room, 1).V4);
        }
    }

    void ShareAddresses(Host border)
    {
        var pool = AddressPlan.CarrierPool(_number);
        Core.Ip($"route add 100.{64 + _number}.0.0/16 via {_plan.Trunk(_number, 1).V4}\n");
        foreach (var address in pool)
            Core.Ip($"addr add {address}/32 dev lo\n");
        Core.Tool("nft", ["-f", "-"], $$"""
            table ip carrier {
              chain out {
                type nat hook postrouting priority 100;
                oifname "{{Link.Name(border)}}" ip saddr 100.64.0.0/10 snat to {{pool[0]}}-{{pool[^1]}} persistent
              }
            }
            """ + "\n");
    }
}
