using System.Net;
using System.Net.Sockets;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Protos;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>Asks every resolver of the plan for the addresses of one host.</summary>
sealed class Lookup(DnsProbe dns, WebTimes times)
{
    static readonly string[] Types = ["A", "AAAA"];

    /// <summary>
    /// Answers of the system's resolver come first, each once. Replies that arrive later than this returns are recorded
    /// all the same.
    /// </summary>
    public async Task<IReadOnlyList<FoundAddress>> FindAsync(string host, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [new FoundAddress(literal, FromSystem: true)];
        if (!DnsMessage.IsName(host))
            return [];
        var asked = (
            from resolver in plan.Resolvers
            from type in Types
            select new Asked(resolver, type, Ask(resolver, host, type, 0, trace, cancellationToken))).ToList();
        await Task.WhenAll(asked.Select(one => one.Pending.First));
        var silent = asked.Where(one => IsSilent(one.Pending)).ToList();
        asked.AddRange(silent.Select(one => one with { Pending = Ask(one.Resolver, host, one.Type, 1, trace, cancellationToken) }));
        if (asked.TrueForAll(one => Trace.AddressesOf(one.Pending.Query).Count == 0))
            await Task.WhenAll(asked.Select(one => one.Pending.First));
        else
            await Task.WhenAny(Task.WhenAll(asked.Select(one => one.Pending.Complete)), Wait(trace, cancellationToken));
        return Merge(asked);
    }

    /// <summary>
    /// Asks an address that runs no resolver, once. Silence is what it should answer with, so nobody waits for it, and
    /// what it does answer is no address to try.
    /// </summary>
    public void AskNonResolver(string host, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        if (plan.NonResolver is not { } address || !DnsMessage.IsName(host) || IPAddress.TryParse(host, out _))
            return;
        var nobody = new ResolverAddress(DnsEngines.Udp, address.ToString(), address, ProbeSockets.DnsPort, "");
        Ask(new NamedResolver(ResolverNames.NonResolver, nobody), host, Types[0], 0, trace, cancellationToken);
    }

    /// <summary>Asks the system's resolver for the HTTPS record. Many home routers drop that question, so nobody waits for it.</summary>
    public void AskServiceRecord(string host, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        if (plan.Resolvers.FirstOrDefault(one => one.Address.Engine == DnsEngines.System) is { } system && DnsMessage.IsName(host) && !IPAddress.TryParse(host, out _))
            Ask(system, host, DnsQuestion.Https, 0, trace, cancellationToken);
    }

    Task Wait(Trace trace, CancellationToken cancellationToken) => Task.Delay(times.SecondReply, trace.Clock.Time, cancellationToken);

    PendingQuery Ask(NamedResolver resolver, string host, string type, uint attempt, Trace trace, CancellationToken cancellationToken)
    {
        var pending = dns.Ask(resolver.Address, new DnsQuestion(resolver.Name, host, type, attempt), trace.Clock, cancellationToken);
        trace.Add(pending);
        return pending;
    }

    // Only silence is asked again: a second question after an answer could but blur the first.
    static bool IsSilent(PendingQuery pending)
    {
        lock (pending.Query)
            return pending.Query is { Failure: FailureCodes.GenericTimeout, Replies.Count: 0 };
    }

    static List<FoundAddress> Merge(List<Asked> asked)
    {
        var found = new List<FoundAddress>();
        foreach (var one in asked.OrderBy(one => one.Resolver.Address.Engine != DnsEngines.System))
        {
            foreach (var address in Trace.AddressesOf(one.Pending.Query))
            {
                if (!found.Exists(known => known.Address.Equals(address)))
                    found.Add(new FoundAddress(address, one.Resolver.Address.Engine == DnsEngines.System));
            }
        }
        // IPv4 first, as its failures say more: many lines have a broken IPv6.
        return [.. found.OrderBy(one => !one.FromSystem).ThenBy(one => one.Address.AddressFamily == AddressFamily.InterNetworkV6)];
    }

    sealed record Asked(NamedResolver Resolver, string Type, PendingQuery Pending);
}

/// <summary>An address that some resolver answered with.</summary>
readonly record struct FoundAddress(IPAddress Address, bool FromSystem);
