using System.Net;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Middlebox;
using ProbeNet.Lab.Noise;
using ProbeNet.Lab.Resolvers;
using ProbeNet.Lab.Sites;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab;

/// <summary>A running country: its network, its servers, and the interference in force.</summary>
sealed class Laboratory : IAsyncDisposable
{
    readonly AddressPlan _plan;
    readonly LabAuthority _authority;
    readonly WebServers _web;
    readonly Kinds _kinds;
    readonly List<IDisposable> _servers = [];
    readonly Dictionary<string, Censor> _places = new(StringComparer.Ordinal);
    readonly Dictionary<string, IspResolver> _resolvers = new(StringComparer.Ordinal);

    Laboratory(Country country)
    {
        Country = country;
        _plan = new AddressPlan(country);
        Network = new CountryNetwork(country, _plan);
        _authority = new LabAuthority(TimeProvider.System);
        Sites = new SiteBook(_plan, Network.World, country.Hosting);
        _web = new WebServers(_authority, Sites);
        _kinds = new Kinds(new Random(country.Seed).NextDouble, _plan.Sources);
        Noise = new NoiseDesk(this);
    }

    /// <summary>Where rules are that meet the traffic of every provider.</summary>
    public const string GatewayName = "gateway";

    /// <summary>Where rules are that meet the second control alone.</summary>
    public const string TransitName = "transit";

    public Country Country { get; }

    public CountryNetwork Network { get; }

    public AddressPlan Plan => _plan;

    /// <summary>What is broken or strange without anybody blocking anything.</summary>
    public NoiseDesk Noise { get; }

    /// <summary>How sites behave, to be changed while they stand.</summary>
    public SiteBook Sites { get; }

    /// <summary>The lab's root certificate, for SSL_CERT_FILE.</summary>
    public static string RootCertificate => Path.Combine(Isolation.Directory, "root.pem");

    public static string AsnTable => Path.Combine(Isolation.Directory, "ip2asn.tsv");

    public static async Task<Laboratory> Start(Country country)
    {
        // Sockets are made on their host's thread while the caller waits: a pool of two threads would starve.
        ThreadPool.SetMinThreads(256, 16);
        var lab = new Laboratory(country);
        await File.WriteAllTextAsync(RootCertificate, lab._authority.Pem);
        await File.WriteAllLinesAsync(AsnTable, lab._plan.AsnTable());
        lab.StartWorld();
        for (var number = 1; number <= country.Isps.Length; number++)
            lab.StartProvider(country.Isps[number - 1], number);
        lab._places[GatewayName] = new Censor(lab.Network.Gateway, null, lab.LuresOf(1), lab.Find);
        if (country.Controls.Length > 1)
            lab._places[TransitName] = new Censor(lab.Network["transit-2"], null, lab.LuresOf(1), lab.Find);
        await lab._web.Start();
        lab.Sites.Apply(new Dictionary<string, Site>());
        lab.Apply(country.Rules);
        return lab;
    }

    /// <summary>Puts these rules in force and no others.</summary>
    public void Apply(IReadOnlyCollection<Rule> rules)
    {
        foreach (var (name, place) in _places)
        {
            var interference = rules.Where(rule => rule.At == name).Select(rule => _kinds.Of(rule, Addresses(rule), place.Lures)).ToArray();
            place.Resolver?.Apply([.. interference.OfType<IResolverInterference>()]);
            place.Apply(interference);
        }
    }

    /// <summary>A provider's resolver, or the one in the box of a house.</summary>
    /// <param name="at">"alfa", or "alfa-1".</param>
    public IspResolver Resolver(string at) => _resolvers[at];

    public async ValueTask DisposeAsync()
    {
        Noise.Dispose();
        foreach (var server in _servers)
            server.Dispose();
        foreach (var place in _places.Values)
            place.Dispose();
        await _web.DisposeAsync();
        Network.Dispose();
        _authority.Dispose();
    }

    void StartWorld()
    {
        var names = new Authority(_plan.Names, Sites.Answer);
        foreach (var address in AddressPlan.Authority.All)
            _servers.Add(new DnsServer(Network.World, address, (query, asker) => Task.FromResult<byte[]?>(query.Reply(names.Answer(query.Name, asker), authoritative: true))));
        foreach (var (name, pair) in new[] { (AddressPlan.ResolverName, AddressPlan.PublicResolver), (AddressPlan.OtherResolverName, AddressPlan.OtherResolver) })
        {
            foreach (var address in pair.All)
                _servers.Add(new DnsServer(Network.World, address, (query, _) => Task.FromResult<byte[]?>(query.Reply(names.Answer(query.Name, pair.V4), authoritative: false))));
            _web.Add(Network.World, pair.All, name, HttpsResolver.Of(names, pair.V4));
        }
        // The sites' networks are routes to this machine, not addresses of it.
        Network.World.Sysctl("net.ipv6.ip_nonlocal_bind", "1");
        foreach (var name in _plan.Sites.Keys)
        {
            _web.Add(Network.World, _plan.Places(name), name, new Origin(name, Sites).Answer);
            foreach (var address in _plan.Places(name))
                _servers.Add(new QuicResponder(Network.World, address, () => Sites[name].Quic));
        }
    }

    void StartProvider(Isp isp, int number)
    {
        var network = Network.Providers[number - 1];
        var resolver = _resolvers[isp.Name] = new IspResolver(network.Services, AddressPlan.Authority.V4);
        foreach (var address in _plan.Resolver(number).All)
            _servers.Add(new DnsServer(network.Services, address, resolver.Answer));
        var page = _plan.Blockpage(number);
        _web.Add(network.Services, page.All, $"notice.{isp.Name}.example", BlockpageSite.Answer);
        _servers.Add(new PassingProxy(network.Core, _plan.Proxy(number), Find));
        _places[isp.Name] = new Censor(network.Core, resolver, LuresOf(number), Find);
        for (var line = 1; line <= Country.Subscribers; line++)
            StartHouse(isp, number, line);
    }

    /// <summary>The box in a house answers for every room of it.</summary>
    void StartHouse(Isp isp, int number, int line)
    {
        var router = Network[ProviderNetwork.Router($"{isp.Name}-{line}")];
        var resolver = _resolvers[$"{isp.Name}-{line}"] = new IspResolver(router, _plan.Resolver(number).V4, forwards: true);
        for (var room = 0; room <= (line == 1 ? isp.Housemates : 0); room++)
        {
            foreach (var address in _plan.Home(number, line, room, 1).All)
                _servers.Add(new DnsServer(router, address, resolver.Answer));
        }
    }

    Lures LuresOf(int number) => new(_plan.Blockpage(number), _plan.Proxy(number));

    IPAddress[] Addresses(Rule rule) => [.. _plan.Names.Where(site => rule.Covers(site.Key)).SelectMany(site => site.Value.All)];

    IPAddress? Find(string name) => _plan.Names.TryGetValue(name, out var pair) ? pair.V4 : null;
}
