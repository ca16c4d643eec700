using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Resolvers;
using ProbeNet.Lab.Sites;

namespace ProbeNet.Lab.Noise;

/// <summary>Switches noise on and off while the country runs.</summary>
sealed class NoiseDesk(Laboratory lab) : IDisposable
{
    readonly Lock _lock = new();
    readonly Dictionary<string, House> _houses = new(StringComparer.Ordinal);
    Vpn? _vpn;

    /// <summary>Puts exactly this noise at the place, and none else there. Other places keep theirs.</summary>
    /// <param name="at">A volunteer's host, a provider, a site's name, or "sites" for all of them.</param>
    /// <param name="kinds">None makes it ordinary again.</param>
    /// <exception cref="ArgumentException">No such kind, or not there.</exception>
    public void Set(string at, params IReadOnlyCollection<string> kinds)
    {
        lock (_lock)
            Switch(at, kinds);
    }

    void Switch(string at, IReadOnlyCollection<string> kinds)
    {
        if (at == "sites" || lab.Plan.Sites.ContainsKey(at))
            SetSites(at, kinds);
        else if (Array.Exists(lab.Country.Isps, isp => isp.Name == at))
            lab.Resolver(at).Break(kinds.Select(ProviderFault).SingleOrDefault());
        else
            SetHome(at, kinds);
    }

    public void Apply(IEnumerable<NoiseRule> rules)
    {
        foreach (var place in rules.GroupBy(rule => rule.At, StringComparer.Ordinal))
            Set(place.Key, [.. place.Select(rule => rule.Kind)]);
    }

    public void Dispose()
    {
        foreach (var house in _houses.Values)
            house.Dispose();
        _vpn?.Dispose();
    }

    void SetSites(string at, IReadOnlyCollection<string> kinds)
    {
        var site = kinds.Select(kind => SiteNoise.Kinds.TryGetValue(kind, out var known) ? known : throw Unknown(kind)).SingleOrDefault();
        var names = at == "sites" ? lab.Country.Domains : [at];
        lab.Sites.Apply(site is null ? new Dictionary<string, Site>() : names.ToDictionary(name => name, _ => site, StringComparer.Ordinal));
    }

    static ResolverFault ProviderFault(string kind) => kind switch
    {
        "resolver.servfail" => new(Always: DnsAnswer.ServerFailure),
        "resolver.refused" => new(Always: DnsAnswer.Refused),
        "resolver.nxdomain" => new(Always: DnsAnswer.NoSuchName),
        // A page of advertisements for whatever does not exist.
        "resolver.rewrites" => new(ForUnknown: DnsAnswer.Of(AddressPlan.Advertising.V4)),
        _ => throw Unknown(kind),
    };

    void SetHome(string name, IReadOnlyCollection<string> kinds)
    {
        if (kinds.FirstOrDefault(kind => !LineNoise.AtHome.Contains(kind)) is { } unknown)
            throw Unknown(unknown);
        if (!_houses.TryGetValue(name, out var house))
            _houses[name] = house = new House(lab, name);
        house.Apply(kinds);
        if (kinds.Contains("vpn"))
            (_vpn ??= new Vpn(lab)).Connect(name);
        else
            _vpn?.Disconnect(name);
    }

    static ArgumentException Unknown(string kind) => new($"no noise of the kind '{kind}' there", nameof(kind));
}
