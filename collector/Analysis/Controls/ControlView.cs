using System.Net;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Controls;

/// <summary>What controls say of one thing. One network alone, or networks that disagree, say nothing.</summary>
enum ControlVerdict
{
    None,
    Works,
    Fails,
}

/// <summary>What the controls saw of one target around one moment.</summary>
sealed class ControlView
{
    readonly ControlVotes _votes;
    readonly ControlKnowledge _knowledge;

    internal ControlView(ControlVotes votes, ControlKnowledge knowledge)
    {
        _votes = votes;
        _knowledge = knowledge;
    }

    public static ControlView Empty { get; } = new(new(), new());

    /// <summary>Whether a name resolves to public addresses.</summary>
    public ControlVerdict Dns(string host) => _votes.Of(ControlVotes.Dns(host));

    /// <summary>The same through one resolver.</summary>
    public ControlVerdict Dns(DnsObservation query) => _votes.Of(ControlVotes.Dns(query));

    public ControlVerdict Tcp(AddressPort endpoint) => _votes.Of(ControlVotes.Tcp(endpoint));

    /// <summary>Whether a handshake for the name at the address ends with a valid certificate.</summary>
    public ControlVerdict Tls(AddressPort endpoint, string name) => _votes.Of(ControlVotes.Tls(endpoint, name));

    /// <summary>The same at any address.</summary>
    public ControlVerdict Tls(string name) => _votes.Of(ControlVotes.Tls(name));

    /// <summary>Whether a server answers QUIC for the name at the address.</summary>
    public ControlVerdict Quic(AddressPort endpoint, string name) => _votes.Of(ControlVotes.Quic(endpoint, name));

    /// <summary>A control got a server's reply at the address both for the target's name and for an innocuous one.</summary>
    public bool Compared(AddressPort endpoint) => _knowledge.Compared.Contains(endpoint);

    /// <summary>Networks whose controls had a say, in order.</summary>
    public IReadOnlyCollection<string> Networks => _knowledge.Networks;

    /// <summary>A control has tried the address at all.</summary>
    public bool Tested(AddressPort endpoint) => _knowledge.Tested.Contains(endpoint);

    /// <summary>A control has tried the address within the half hour before, or since.</summary>
    public bool TestedLately(AddressPort endpoint) => _knowledge.TestedLately.Contains(endpoint);

    /// <summary>A control has asked for the name within the half hour before, or since.</summary>
    public bool AskedLately(string host) => _knowledge.AskedLately.Contains(host);

    /// <summary>Whether requests to an origin ("https://example.com") are answered.</summary>
    public ControlVerdict Origin(Uri url) => _votes.Of(ControlVotes.Origin(url));

    /// <summary>Whether the page is reached, redirects included.</summary>
    public ControlVerdict Page => _votes.Of(ControlVotes.Page);

    /// <summary>A control got the address as an answer for the name.</summary>
    public bool Answered(string host, IPAddress address) => _knowledge.Answers.Contains((host, address));

    /// <summary>A control got a valid certificate for the name at the address.</summary>
    public bool Proven(string host, IPAddress address) => _knowledge.Proven.Contains((host, address));

    /// <summary>A control gets addresses for the name that cannot be public.</summary>
    public bool AnsweredBogon(string host) => _knowledge.Bogons.Contains(host);

    /// <summary>A control got this leaf certificate for the name.</summary>
    public bool Presented(string name, string leaf) => _knowledge.Leaves.Contains((name, leaf));

    /// <summary>Controls were sent on to this host.</summary>
    public bool Visited(string host) => _knowledge.Hosts.Contains(host);

    /// <summary>Controls asked this host for a page, or were told to.</summary>
    public bool SentTo(string host) => _knowledge.Hosts.Contains(host) || _knowledge.Redirects.Contains(host);

    /// <summary>The pages that controls ended at.</summary>
    public IReadOnlyList<HttpObservation> Pages => _knowledge.Pages;
}

/// <summary>Facts that stay true for the day around a moment, whoever of the controls saw them.</summary>
sealed class ControlKnowledge
{
    public HashSet<(string Host, IPAddress Address)> Answers { get; } = [];
    public HashSet<(string Host, IPAddress Address)> Proven { get; } = [];
    public HashSet<string> Bogons { get; } = new(StringComparer.Ordinal);
    public HashSet<(string Name, string Leaf)> Leaves { get; } = [];
    public HashSet<string> Hosts { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Redirects { get; } = new(StringComparer.Ordinal);
    public HashSet<AddressPort> Tested { get; } = [];
    public HashSet<AddressPort> TestedLately { get; } = [];
    public HashSet<string> AskedLately { get; } = new(StringComparer.Ordinal);
    public HashSet<AddressPort> Compared { get; } = [];
    public SortedSet<string> Networks { get; } = new(StringComparer.Ordinal);
    public List<HttpObservation> Pages { get; } = [];
}
