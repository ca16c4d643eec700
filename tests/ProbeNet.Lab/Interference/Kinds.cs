using System.Net;
using ProbeNet.Lab.Addresses;

namespace ProbeNet.Lab.Interference;

/// <summary>Everything a censor of the lab can do, by the name that scenario files use.</summary>
static class Kinds
{
    /// <param name="rule">As the scenario gives it.</param>
    /// <param name="addresses">Of the names that the rule covers.</param>
    /// <param name="blockpage">Where the ISP's own page is served.</param>
    public static IInterference Of(Rule rule, IReadOnlyList<IPAddress> addresses, AddressPair blockpage) => rule.Kind switch
    {
        "dns.nxdomain" => new NameDenied(rule),
        "dns.answer" => new NameFalsified(rule, rule.Answer is null or "blockpage" ? [.. blockpage.All] : [IPAddress.Parse(rule.Answer)]),
        "tcp.drop" => new AddressSilenced(addresses),
        "tcp.rst" => new AddressReset(addresses),
        "tls.rst" => new HelloReset(rule),
        "tls.drop" => new HelloSilenced(rule),
        "http.blockpage" => new PageReplaced(rule),
        _ => throw new ArgumentException($"unknown kind of interference '{rule.Kind}'", nameof(rule)),
    };
}
