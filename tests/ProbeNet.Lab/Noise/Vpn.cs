using System.Globalization;
using System.Net;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Noise;

/// <summary>
/// A tunnel to a network abroad that resets connections to every other site: what a volunteer's machine sees through it is
/// that network's doing, not the provider's.
/// </summary>
sealed class Vpn : IDisposable
{
    const int Segment = 40;
    readonly Laboratory _lab;
    // An interface is named after the host at its other end, and a tunnel is known by its name.
    readonly Host _server = new("tun0");
    readonly Dictionary<string, int> _homes = new(StringComparer.Ordinal);
    readonly HashSet<string> _connected = new(StringComparer.Ordinal);

    public Vpn(Laboratory lab)
    {
        _lab = lab;
        _server.Forward();
        var exchange = lab.Network["ix"];
        var (near, far) = (AddressPlan.ForeignExchange(Segment, 1), AddressPlan.ForeignExchange(Segment, 2));
        Link.Join(_server, near, exchange, far);
        _server.DefaultVia(far);
        _server.LayCables();
        _server.Settle();
        exchange.Settle();
        var hidden = lab.Plan.Sites.Where(site => lab.Country.Domains.Contains(site.Key)).Select(site => site.Value.V4).Where((_, number) => number % 2 == 0);
        _server.Tool("nft", ["-f", "-"], $$"""
            table ip tunnel {
              chain blocked {
                type filter hook forward priority 0;
                ip daddr { {{string.Join(", ", hidden)}} } meta l4proto tcp reject with tcp reset
              }
              chain out {
                type nat hook postrouting priority 100;
                oifname "{{Link.Name(exchange)}}" masquerade
              }
            }
            """ + "\n");
    }

    public void Connect(string name)
    {
        if (!_connected.Add(name))
            return;
        var home = _lab.Network[name];
        if (!_homes.TryGetValue(name, out var number))
        {
            _homes[name] = number = _homes.Count + 1;
            Link.Join(home, Inside(number, 2), _server, Inside(number, 1));
            home.LayCables();
            home.Settle();
            _server.Settle();
        }
        home.Tool("ip", ["route", "replace", "default", "via", $"{Inside(number, 1).V4}"]);
        // As these programs do against leaks.
        home.Tool("ip", ["-6", "route", "replace", "unreachable", "default", "metric", "1"]);
    }

    public void Disconnect(string name)
    {
        if (!_connected.Remove(name))
            return;
        var home = _lab.Network[name];
        home.Tool("ip", ["route", "replace", "default", "via", $"{_lab.Network.Home(name)}"]);
        home.Tool("ip", ["-6", "route", "del", "unreachable", "default", "metric", "1"]);
    }

    public void Dispose() => _server.Dispose();

    static AddressPair Inside(int number, int side) => new(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.8.{number}.{side}")), null);
}
