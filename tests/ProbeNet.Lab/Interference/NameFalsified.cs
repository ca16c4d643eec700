using System.Net;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Interference;

/// <summary>The resolver gives an address of its choice: a block page's, or one that cannot be public.</summary>
sealed class NameFalsified(Rule rule, IReadOnlyList<IPAddress> answer) : IResolverInterference
{
    public DnsAnswer? Answer(string name) => rule.Covers(name) ? DnsAnswer.Of(answer) : null;
}
