using System.Runtime.InteropServices;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Controls;

/// <summary>
/// What worked and what failed, a vote a network. A network's vote on a thing is that of its three sights nearest to the
/// moment: a control that fails for an hour is asked about that hour, and one lost packet decides nothing. Where the very
/// nearest says otherwise than the three, the thing has just changed, or a packet was lost: the network has no vote.
/// </summary>
sealed class ControlVotes
{
    const int SightsPerNetwork = 3;

    readonly Dictionary<string, Dictionary<string, (int Works, int Fails, bool Nearest)>> _sights = new(StringComparer.Ordinal);

    public const string Page = "page";

    public static string Dns(string host) => "dns " + host;

    public static string Dns(DnsObservation query) => $"dns {query.Hostname} {query.Engine} {query.Resolver}";

    public static string Tcp(AddressPort endpoint) => $"tcp {endpoint.Address} {endpoint.Port}";

    public static string Tls(AddressPort endpoint, string name) => $"tls {endpoint.Address} {endpoint.Port} {name}";

    public static string Tls(string name) => "tls " + name;

    public static string Quic(AddressPort endpoint, string name) => $"quic {endpoint.Address} {endpoint.Port} {name}";

    public static string Origin(Uri url) => $"origin {url.Scheme} {HostName.Of(url)}";

    /// <summary>Sights are added from the nearest to the farthest; those beyond the third are ignored.</summary>
    public void Add(string thing, string network, bool works)
    {
        ref var networks = ref CollectionsMarshal.GetValueRefOrAddDefault(_sights, thing, out _);
        networks ??= new(StringComparer.Ordinal);
        ref var sights = ref CollectionsMarshal.GetValueRefOrAddDefault(networks, network, out _);
        if (sights.Works + sights.Fails < SightsPerNetwork)
            sights = (sights.Works + (works ? 1 : 0), sights.Fails + (works ? 0 : 1), sights.Works + sights.Fails == 0 ? works : sights.Nearest);
    }

    /// <summary>Two networks and more than half of them; anything else is no control (contract 2).</summary>
    public ControlVerdict Of(string thing)
    {
        if (!_sights.TryGetValue(thing, out var networks))
            return ControlVerdict.None;
        int works = 0, fails = 0;
        foreach (var sights in networks.Values)
            if (sights.Works > sights.Fails && sights.Nearest)
                works++;
            else if (sights.Fails > sights.Works && !sights.Nearest)
                fails++;
        if (works >= 2 && works > fails)
            return ControlVerdict.Works;
        return fails >= 2 && fails > works ? ControlVerdict.Fails : ControlVerdict.None;
    }
}
