using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Controls;

/// <summary>What one control measurement adds to a view.</summary>
static class ControlFacts
{
    // Pages serve to compare contents; the nearest few are enough, and a page may be long.
    const int PagesPerView = 12;

    /// <param name="lately">It was made within the half hour before the moment, or since.</param>
    public static void Add(ControlSight sight, ControlVotes votes, ControlKnowledge knowledge, bool lately)
    {
        var seen = sight.Observation;
        AddDns(seen, sight.Network, votes, knowledge);
        knowledge.Tested.UnionWith(seen.Tcp.Select(c => c.Endpoint));
        if (lately)
        {
            knowledge.TestedLately.UnionWith(seen.Tcp.Select(c => c.Endpoint));
            knowledge.AskedLately.UnionWith(seen.Dns.Select(q => q.Hostname));
        }
        foreach (var endpoint in seen.Tcp.GroupBy(c => c.Endpoint))
            votes.Add(ControlVotes.Tcp(endpoint.Key), sight.Network, endpoint.Any(c => c.Failure.Length == 0));
        AddTls(seen, sight.Network, votes, knowledge);
        foreach (var place in seen.Quic.Where(q => q.Arm == ComparisonArms.None && !q.ReservedVersion).GroupBy(q => (q.Endpoint, q.ServerName)))
            votes.Add(ControlVotes.Quic(place.Key.Endpoint, place.Key.ServerName), sight.Network, place.Any(q => q.Reply is not ("" or QuicReplies.Close)));
        foreach (var origin in seen.Http.Where(e => e.Failure != FailureCodes.Interrupted).GroupBy(e => ControlVotes.Origin(e.Url)))
            votes.Add(origin.Key, sight.Network, origin.Any(e => e.Failure.Length == 0));
        foreach (var exchange in seen.Http)
        {
            knowledge.Hosts.Add(HostName.Of(exchange.Url));
            if (exchange.Location.Length > 0 && Uri.TryCreate(exchange.Url, exchange.Location, out var next) && next.Host.Length > 0)
                knowledge.Redirects.Add(HostName.Of(next));
        }
        knowledge.Networks.Add(sight.Network);
        foreach (var innocuous in seen.Arms.Where(a => a.Arm == ComparisonArms.Innocuous && a.Failure.Length == 0))
            if (seen.Http.Any(e => e.Failure.Length == 0 && e.Endpoint == innocuous.Endpoint))
                knowledge.Compared.Add(innocuous.Endpoint);
        var page = PageReached.By(seen.Http);
        votes.Add(ControlVotes.Page, sight.Network, page is not null);
        if (page is not null && knowledge.Pages.Count < PagesPerView)
            knowledge.Pages.Add(page);
    }

    static void AddDns(Observation seen, string network, ControlVotes votes, ControlKnowledge knowledge)
    {
        foreach (var host in seen.Dns.Where(q => q.Resolver != ResolverNames.NonResolver).GroupBy(q => q.Hostname, StringComparer.Ordinal))
        {
            var addresses = host.SelectMany(q => q.Addresses).ToArray();
            votes.Add(ControlVotes.Dns(host.Key), network, addresses.Any(a => !Bogon.Is(a)));
            foreach (var resolver in host.GroupBy(ControlVotes.Dns, StringComparer.Ordinal))
                votes.Add(resolver.Key, network, resolver.Any(q => q.Addresses.Any(a => !Bogon.Is(a))));
            foreach (var address in addresses)
                if (Bogon.Is(address))
                    knowledge.Bogons.Add(host.Key);
                else
                    knowledge.Answers.Add((host.Key, address));
        }
    }

    static void AddTls(Observation seen, string network, ControlVotes votes, ControlKnowledge knowledge)
    {
        var handshakes = seen.Tls.Where(h => h.Arm == ComparisonArms.None).ToArray();
        foreach (var place in handshakes.GroupBy(h => (h.Endpoint, h.ServerName)))
            votes.Add(ControlVotes.Tls(place.Key.Endpoint, place.Key.ServerName), network, place.Any(h => h.Failure.Length == 0));
        foreach (var name in handshakes.GroupBy(h => h.ServerName, StringComparer.Ordinal))
            votes.Add(ControlVotes.Tls(name.Key), network, name.Any(h => h.Failure.Length == 0));
        // Whatever the server says of an innocuous name, it is the server that says it.
        foreach (var innocuous in seen.Tls.Where(h => h.Arm == ComparisonArms.Innocuous && h.Answered))
            if (seen.Tls.Any(h => h.Arm != ComparisonArms.Innocuous && h.Answered && h.Endpoint == innocuous.Endpoint))
                knowledge.Compared.Add(innocuous.Endpoint);
        foreach (var handshake in handshakes)
        {
            if (handshake.Failure.Length == 0)
                knowledge.Proven.Add((handshake.ServerName, handshake.Endpoint.Address));
            if (handshake.Chain.Count > 0)
                knowledge.Leaves.Add((handshake.ServerName, handshake.Chain[0]));
        }
    }
}
