using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Interference;

/// <summary>The resolver says that the name does not exist.</summary>
sealed class NameDenied(Rule rule) : IResolverInterference
{
    public DnsAnswer? Answer(string name) => rule.Covers(name) ? DnsAnswer.NoSuchName : null;
}
