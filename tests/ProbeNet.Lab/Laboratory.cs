using System.Net;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Middlebox;
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
    readonly List<DnsServer> _nameServers = [];
    readonly Dictionary<string, Provider> _providers = new(StringComparer.Ordinal);

    Laboratory(Country country)
    {
        Country = country;
        _plan = new AddressPlan(country);
        Network = new CountryNetwork(country, _plan);
        _authority = new LabAuthority(TimeProvider.System);
        _web = new WebServers(_authority);
    }

    public Country Country { get; }

    public CountryNetwork Network { get; }

    public AddressPlan Plan => _plan;

    /// <summary>The lab's root certificate, for SSL_CERT_FILE.</summary>
    public static string RootCertificate => Path.Combine(Isolation.Directory, "root.pem");

    public static string AsnTable => Path.Combine(Isolation.Directory, "ip2asn.tsv");

    public static async Task<Laboratory> Start(Country country)
    {
        // Sockets are made on their host's thread while the caller waits: a pool of two threads would starve.
        ThreadPool.SetMinThreads(64, 16);
        var lab = new Laboratory(country);
        await File.WriteAllTextAsync(RootCertificate, lab._authority.Pem);
        await File.WriteAllLinesAsync(AsnTable, lab._plan.AsnTable());
        lab.StartWorld();
        for (var number = 1; number <= country.Isps.Length; number++)
            lab.StartProvider(country.Isps[number - 1].Name, number);
        await lab._web.Start();
        lab.Apply(country.Rules);
        return lab;
    }

    /// <summary>Puts these rules in force and no others.</summary>
    public void Apply(IReadOnlyCollection<Rule> rules)
    {
        foreach (var (name, provider) in _providers)
        {
            var interference = rules.Where(rule => rule.At == name).Select(rule => Kinds.Of(rule, Addresses(rule), provider.Blockpage)).ToArray();
            provider.Resolver.Apply([.. interference.OfType<IResolverInterference>()]);
            provider.Firewall.Apply(interference.OfType<IAddressInterference>());
            provider.Box.Apply([.. interference.OfType<IStreamInterference>()]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _nameServers)
            server.Dispose();
        await _web.DisposeAsync();
        Network.Dispose();
        _authority.Dispose();
    }

    void StartWorld()
    {
        var names = new Authority(_plan.Names);
        _nameServers.Add(new DnsServer(Network.World, AddressPlan.Authority, query => Task.FromResult(query.Reply(names.Answer(query.Name), authoritative: true))));
        _nameServers.Add(new DnsServer(Network.World, AddressPlan.PublicResolver, query => Task.FromResult(query.Reply(names.Answer(query.Name), authoritative: false))));
        _web.Add(Network.World, AddressPlan.PublicResolver, AddressPlan.ResolverName, HttpsResolver.Of(names));
        foreach (var (name, address) in _plan.Sites)
            _web.Add(Network.World, address, name, Origin.Of(name));
    }

    void StartProvider(string name, int number)
    {
        var services = Network[name + "-svc"];
        var router = Network[name + "-core"];
        var resolver = new IspResolver(services);
        _nameServers.Add(new DnsServer(services, AddressPlan.Resolver(number), resolver.Answer));
        var page = AddressPlan.Blockpage(number);
        _web.Add(services, page, $"notice.{name}.example", BlockpageSite.Answer);
        _providers[name] = new Provider(resolver, new Firewall(router), new StreamBox(router), page);
    }

    IPAddress[] Addresses(Rule rule) => [.. _plan.Sites.Where(site => rule.Covers(site.Key)).Select(site => site.Value)];

    sealed record Provider(IspResolver Resolver, Firewall Firewall, StreamBox Box, IPAddress Blockpage);
}
