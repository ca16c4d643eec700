using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Interference;

interface IInterference;

/// <summary>A lie of the ISP's resolver.</summary>
interface IResolverInterference : IInterference
{
    /// <summary>Null where the truth is told.</summary>
    /// <param name="type">Of the record that is asked for (RFC 1035).</param>
    DnsAnswer? Answer(string name, int type);
}

/// <summary>What the router does to packets by their address alone.</summary>
interface IAddressInterference : IInterference
{
    /// <summary>Lines of an nftables forward chain of family inet.</summary>
    string FirewallRules { get; }
}

/// <summary>What the box on the path does to a connection once it has read the name in it.</summary>
interface IStreamInterference : IInterference
{
    /// <summary>What happens to the connection; null lets it pass.</summary>
    StreamAction? Judge(StreamName name);
}

/// <summary>What the box on the path does to a DNS question over UDP, whoever is asked.</summary>
interface IQuestionInterference : IInterference
{
    /// <summary>Null lets it pass.</summary>
    QuestionAction? Judge(string name);
}

/// <summary>Connections to some addresses end at a server of the censor's.</summary>
interface IServerInterference : IInterference
{
    /// <summary>Lines of an nftables prerouting chain of family inet for address translation.</summary>
    string Redirections { get; }
}

/// <param name="Forged">Null for silence.</param>
/// <param name="Lets">The question goes on.</param>
/// <param name="CopiesTtl">The forged packet carries the question's own TTL.</param>
sealed record QuestionAction(DnsAnswer? Forged, bool Lets, bool CopiesTtl);
