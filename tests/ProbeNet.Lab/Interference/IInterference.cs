using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Interference;

interface IInterference;

/// <summary>A lie of the ISP's resolver.</summary>
interface IResolverInterference : IInterference
{
    /// <summary>Null where the truth is told.</summary>
    DnsAnswer? Answer(string name);
}

/// <summary>What the ISP's router does to packets by their address alone.</summary>
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
