using System.Net;

namespace ProbeNet.Lab.Resolvers;

/// <summary>Knows every name there is; any other does not exist.</summary>
sealed class Authority(IReadOnlyDictionary<string, IPAddress> names)
{
    public DnsAnswer Answer(string name) => names.TryGetValue(name, out var address) ? DnsAnswer.Of(address) : DnsAnswer.NoSuchName;
}
