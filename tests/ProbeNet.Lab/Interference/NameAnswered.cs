using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Interference;

/// <summary>The resolver says of the name what it was told to say.</summary>
/// <param name="type">Only questions of this type; null for all.</param>
sealed class NameAnswered(Rule rule, DnsAnswer answer, int? type = null) : IResolverInterference
{
    public DnsAnswer? Answer(string name, int asked) => rule.Covers(name) && (type is null || type == asked) ? answer : null;
}
