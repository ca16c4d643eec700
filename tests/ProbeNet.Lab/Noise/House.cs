using System.Net;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Resolvers;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Noise;

/// <summary>What can go wrong in a house: its box, what sits on the box, and what was installed on the machine.</summary>
sealed class House : IDisposable
{
    static readonly TimeSpan LongWay = TimeSpan.FromMilliseconds(150);
    readonly Laboratory _lab;
    readonly string _name;
    readonly Host _router;
    readonly HomeRouter _box;
    readonly IPAddress _own;
    Portal? _portal;
    Interceptor? _interceptor;
    DelayQueue? _delay;

    public House(Laboratory lab, string name)
    {
        (_lab, _name) = (lab, name);
        _router = lab.Network[ProviderNetwork.Router(name)];
        var provider = name[..name.LastIndexOf('-')];
        _box = new HomeRouter(_router, Link.Name(lab.Network[provider + "-access"]));
        _own = lab.Network.Home(name);
    }

    public void Apply(IReadOnlyCollection<string> kinds)
    {
        if (kinds.Contains("portal"))
            _portal ??= new Portal(_router, _own);
        if (kinds.Any(kind => kind.StartsWith("filter.", StringComparison.Ordinal)))
            _interceptor ??= new Interceptor(_router, name => _lab.Plan.Names.TryGetValue(name, out var pair) ? pair.V4 : null);
        _box.Apply(kinds);
        // A box that was never set up: whatever is asked for, its own page.
        _lab.Resolver(_name).Break(kinds.Contains("router.lying") ? new ResolverFault(Always: DnsAnswer.Of(_own)) : null);
        if (kinds.Contains("latency") || _delay is not null)
            (_delay ??= new DelayQueue(_router, LongWay)).Switch(kinds.Contains("latency"));
        Install(kinds.Contains("filter.trusted") ? _interceptor : null);
    }

    public void Dispose()
    {
        _portal?.Dispose();
        _interceptor?.Dispose();
    }

    // As its setup does: the product's authority among those that the machine's owner added.
    void Install(Interceptor? product)
    {
        const string added = "/usr/local/share";
        var host = _lab.Network[_name];
        host.Unbind(added);
        host.Trusted = null;
        if (product is null)
            return;
        var share = Directory.CreateDirectory(Path.Combine(Isolation.Directory, "share-" + _name)).FullName;
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(share, "ca-certificates")).FullName, "product.crt"), product.Pem);
        host.Bind(share, added);
        host.Trusted = Path.Combine(share, "bundle.pem");
        File.WriteAllText(host.Trusted, File.ReadAllText(Laboratory.RootCertificate) + "\n" + product.Pem + "\n");
    }
}
