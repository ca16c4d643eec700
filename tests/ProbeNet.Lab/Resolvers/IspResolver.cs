using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Resolvers;

/// <summary>
/// An ISP's resolver: what its rules do not answer it asks the authority, through the network and without a cache, so that
/// what a gateway does to that question shows in the answer.
/// </summary>
sealed class IspResolver(Host host)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    readonly DnsClient _upstream = new(host, AddressPlan.Authority);
    volatile IReadOnlyList<IResolverInterference> _interference = [];

    public void Apply(IReadOnlyList<IResolverInterference> interference) => _interference = interference;

    public async Task<byte[]> Answer(DnsMessage query)
    {
        foreach (var interference in _interference)
        {
            if (interference.Answer(query.Name) is { } lie)
                return query.Reply(lie, authoritative: false);
        }
        return query.Reply(await _upstream.Ask(query.Name, Patience) ?? DnsAnswer.ServerFailure, authoritative: false);
    }
}
