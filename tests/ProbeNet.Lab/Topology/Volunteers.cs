using ProbeNet.Lab.Addresses;

namespace ProbeNet.Lab.Topology;

/// <summary>Every address of the lab that must rest nowhere: volunteers', their resolvers', their ISPs' hops, readers'.</summary>
static class Volunteers
{
    public static IEnumerable<VolunteerAddress> Addresses(Country country, AddressPlan plan)
    {
        for (var isp = 1; isp <= country.Isps.Length; isp++)
        {
            for (var line = 1; line <= country.Subscribers; line++)
            {
                foreach (var address in OfHouse(country.Isps[isp - 1], plan, isp, line))
                    yield return address;
            }
        }
        foreach (var address in Each("reader", "reader", AddressPlan.Reader))
            yield return address;
    }

    static IEnumerable<VolunteerAddress> OfHouse(Isp provider, AddressPlan plan, int isp, int line)
    {
        var name = $"{provider.Name}-{line}";
        for (var room = 0; room <= (line == 1 ? provider.Housemates : 0); room++)
        {
            var host = room == 0 ? name : $"{name}{(char)('a' + room)}";
            foreach (var address in Each(host, "home", plan.Home(isp, line, room, 23 + room)).Concat(Each(host, "resolver", plan.Home(isp, line, room, 1))))
                yield return address;
        }
        var kinds = Each(name, provider.Cgnat ? "carrier" : "line", plan.Line(isp, line))
            .Concat(Each(name, "resolver", plan.Resolver(isp)))
            .Concat(Each(name, "hop", plan.LineRouter(isp, line))).Concat(Each(name, "hop", plan.Trunk(isp, 1))).Concat(Each(name, "hop", plan.Trunk(isp, 2)))
            .Concat(provider.Cgnat ? AddressPlan.CarrierPool(isp).Select(address => new VolunteerAddress(name, "public", address.ToString())) : []);
        foreach (var address in kinds)
            yield return address;
    }

    static IEnumerable<VolunteerAddress> Each(string host, string kind, AddressPair pair) => pair.All.Select(address => new VolunteerAddress(host, kind, address.ToString()));
}
