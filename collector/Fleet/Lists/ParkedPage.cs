using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Tells a page of those who trade in names from a site's own.</summary>
static class ParkedPage
{
    static readonly string[] Traders =
    [
        "sedoparking.com", "sedo.com", "parkingcrew.net", "bodis.com", "hugedomains.com", "dan.com", "afternic.com", "above.com", "parklogic.com",
        "undeveloped.com", "domainmarket.com", "buydomains.com", "uniregistry.com", "namebright.com", "dropcatch.com",
    ];

    static readonly string[] Titles =
    [
        "domain is for sale", "domain for sale", "domain name for sale", "buy this domain", "this domain may be for sale", "parked domain", "domain parking",
    ];

    public static bool Is(Facts facts) => facts.Http.Any(exchange =>
        Titles.Any(title => exchange.Title.Contains(title, StringComparison.OrdinalIgnoreCase))
        || (Uri.TryCreate(exchange.Location, UriKind.Absolute, out var to)
            && Traders.Any(trader => to.IdnHost.Equals(trader, StringComparison.OrdinalIgnoreCase) || to.IdnHost.EndsWith("." + trader, StringComparison.OrdinalIgnoreCase))));
}
