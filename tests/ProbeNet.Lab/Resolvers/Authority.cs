using System.Net;
using ProbeNet.Lab.Addresses;

namespace ProbeNet.Lab.Resolvers;

/// <summary>Knows every name there is; any other does not exist.</summary>
/// <param name="names">Hosts that are no sites.</param>
/// <param name="sites">What is said of a site's name to whom; null for what is none.</param>
sealed class Authority(IReadOnlyDictionary<string, AddressPair> names, Func<string, IPAddress, DnsAnswer?> sites)
{
    /// <summary>Its address is that of whoever asks: which resolver it was that really asked.</summary>
    public const string WhoAsks = "whoami.example";

    /// <param name="name">Lower case.</param>
    /// <param name="asker">The resolver.</param>
    public DnsAnswer Answer(string name, IPAddress asker) =>
        name == WhoAsks ? DnsAnswer.Of(asker) : sites(name, asker) ?? (names.TryGetValue(name, out var address) ? DnsAnswer.Of(address.All) : DnsAnswer.NoSuchName);
}
