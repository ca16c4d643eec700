using System.Net;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Measurements;

/// <summary>Makes plans of the signed list, the volunteer's consent and the options.</summary>
sealed class Plans(MeasurementOptions options, Random random)
{
    static readonly NamedResolver SystemResolver = new(ResolverNames.System, ResolverAddress.System);

    readonly Lock _lock = new();
    (TestListSnapshot List, Fingerprints Fingerprints, ILookup<string, string> Categories)? _prepared;

    /// <param name="list">Null where there is none: then the options alone tell.</param>
    /// <param name="consent">Null where nobody consented: then no redirect leaves the domain.</param>
    /// <param name="ownAsn">The network that the agent measures on; 0 where it does not know it.</param>
    public WebPlan Web(TestListSnapshot? list, Consent? consent, string input, uint ownAsn = 0)
    {
        lock (_lock)
        {
            var plan = new WebPlan { Resolvers = Resolvers(list), InnocuousName = InnocuousName(list, input), NonResolver = NonResolver(list), Localise = consent?.Localisation ?? false };
            if (list is null)
                return plan;
            if (_prepared?.List != list)
                _prepared = (list, new Fingerprints(list.List.Blockpages), CategoriesOf(list));
            var categories = _prepared.Value.Categories;
            return plan with
            {
                Fingerprints = _prepared.Value.Fingerprints,
                Consented = host => consent is not null && categories[host].Any(category => consent.Allows(category, host)),
                Listed = url => list.Find(url) is not null,
                OwnerOf = router => OwnerOf(router, list.Prefixes, ownAsn),
            };
        }
    }

    public CheckPlan Check(TestListSnapshot? list) => new(References(list), list is null ? [] : [.. list.List.Words])
    {
        NonResolver = NonResolver(list),
        WhoAmI = list is null ? [] : [.. list.List.WhoamiNames],
        AsnOf = address => list?.Prefixes.Find(address).Asn ?? 0,
    };

    /// <summary>One of them, by chance; null where there are none.</summary>
    public IPAddress? Some(IReadOnlyList<IPAddress> addresses)
    {
        lock (_lock)
            return addresses.Count == 0 ? null : addresses[random.Next(addresses.Count)];
    }

    // Addresses that are not public belong to the home or to the provider's inside.
    static (uint Asn, bool Own) OwnerOf(IPAddress router, PrefixTable prefixes, uint ownAsn)
    {
        if (!AddressPolicy.IsPublic(router))
            return (0, true);
        var asn = prefixes.Find(router).Asn;
        return asn > 0 && asn == ownAsn ? (0, true) : (asn, false);
    }

    List<NamedResolver> Resolvers(TestListSnapshot? list)
    {
        var resolvers = new List<NamedResolver>();
        foreach (var text in options.Resolvers)
        {
            if (ResolverAddress.TryParse(text, out var address))
                resolvers.Add(address.Engine == DnsEngines.System ? SystemResolver : new NamedResolver(ResolverNames.Custom, address));
        }
        return resolvers.Count > 0 ? resolvers : [SystemResolver, .. Drawn(list)];
    }

    // One a protocol: each more costs the volunteer's line, and the fleet as a whole asks them all.
    IEnumerable<NamedResolver> Drawn(TestListSnapshot? list)
    {
        var usable = new List<NamedResolver>();
        foreach (var resolver in list?.List.Resolvers ?? [])
        {
            if (ResolverAddress.TryParse(resolver.Url, out var address) && address.Engine != DnsEngines.System && address.HasUsualPort)
                usable.Add(new NamedResolver(resolver.Name, address));
        }
        return usable.GroupBy(one => one.Address.Engine).Select(one => one.ElementAt(random.Next(one.Count())));
    }

    IPAddress? NonResolver(TestListSnapshot? list)
    {
        if (IPAddress.TryParse(options.NonResolver, out var own))
            return own;
        var known = list?.List.NonResolvers.Where(bytes => bytes.Length is 4 or 16).ToList() ?? [];
        return known.Count == 0 ? null : new IPAddress(known[random.Next(known.Count)].Span);
    }

    string InnocuousName(TestListSnapshot? list, string input)
    {
        var own = WebMeasurement.TryReadInput(input, out var target) ? RegistrableDomain.Of(target.IdnHost) : "";
        var names = References(list)
            .Select(text => WebMeasurement.TryReadInput(text, out var url) ? url.IdnHost : "")
            .Where(name => name.Length > 0 && !IPAddress.TryParse(name, out _) && RegistrableDomain.Of(name) != own)
            .ToList();
        return names.Count == 0 ? "" : names[random.Next(names.Count)];
    }

    IReadOnlyList<string> References(TestListSnapshot? list) =>
        options.References.Count > 0 ? [.. options.References] : [.. list?.List.References ?? []];

    static ILookup<string, string> CategoriesOf(TestListSnapshot list) =>
        list.List.Entries
            .Select(entry => (Host: WebMeasurement.TryReadInput(entry.Input, out var url) ? url.IdnHost : "", entry.CategoryCode))
            .ToLookup(one => one.Host, one => one.CategoryCode, StringComparer.OrdinalIgnoreCase);
}
