using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Sites;

/// <summary>How every site behaves now. Who answers a question or a request looks here first, so that a change holds at once.</summary>
sealed class SiteBook(AddressPlan plan, Host world, IReadOnlyDictionary<string, Site> hosting)
{
    volatile IReadOnlyDictionary<string, Site> _changed = new Dictionary<string, Site>();

    public Site this[string name] => _changed.GetValueOrDefault(name) ?? hosting.GetValueOrDefault(name, Site.Ordinary);

    /// <summary>Sites behave as the scenario says, but for these.</summary>
    public void Apply(IReadOnlyDictionary<string, Site> changed)
    {
        _changed = changed;
        Reach();
    }

    /// <summary>True for an address of a provider inside the country.</summary>
    public bool IsInside(IPAddress address) => plan.IsInside(address);

    /// <summary>What the authority says of a site's name; null where it is no site's.</summary>
    public DnsAnswer? Answer(string name, IPAddress asker)
    {
        if (!plan.Sites.TryGetValue(name, out var pair))
            return null;
        return this[name].Name switch
        {
            SiteName.Dead => DnsAnswer.NoSuchName,
            SiteName.NoAddress => DnsAnswer.Empty with { Alias = "edge." + name },
            SiteName.Loopback => DnsAnswer.Of(IPAddress.Loopback),
            SiteName.Cdn => DnsAnswer.Of(plan.Edge(name, EdgeFor(asker)).All),
            SiteName.Moved => DnsAnswer.Of((IsInside(asker) ? pair : plan.Edge(name, 1)).All),
            _ => DnsAnswer.Of(pair.All),
        };
    }

    /// <summary>A moved site's old place is an empty machine.</summary>
    bool IsLeft(string name, IPAddress address) => this[name].Name == SiteName.Moved && plan.Sites[name].All.Contains(address);

    void Reach()
    {
        var rules = new List<string>();
        foreach (var name in plan.Sites.Keys)
        {
            foreach (var address in plan.Places(name))
            {
                if (Then(this[name].Reach, IsLeft(name, address), address.AddressFamily) is { } then)
                    rules.Add($"{Family(address.AddressFamily)} daddr {address} {then}");
            }
        }
        world.Tool("nft", ["-f", "-"], $$"""
            add table inet reach
            delete table inet reach
            table inet reach {
              chain arriving {
                type filter hook input priority 0;
                {{string.Join('\n', rules)}}
              }
            }
            """ + "\n");

        string? Then(SiteReach reach, bool left, AddressFamily family) => reach switch
        {
            _ when left => Refuse,
            SiteReach.Dark => "drop",
            SiteReach.Refusing => Refuse,
            SiteReach.InsideOnly => $"{Family(family)} saddr != {{ {string.Join(", ", plan.Inside(family))} }} drop",
            _ => null,
        };
    }

    const string Refuse = "meta l4proto tcp reject with tcp reset";

    static string Family(AddressFamily family) => family == AddressFamily.InterNetwork ? "ip" : "ip6";

    // Resolvers near each other get the same edge.
    static int EdgeFor(IPAddress asker)
    {
        var bytes = asker.GetAddressBytes();
        return (asker.AddressFamily == AddressFamily.InterNetwork ? bytes[1] : bytes[3]) % AddressPlan.Edges;
    }
}
