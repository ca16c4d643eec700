using System.Net;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Resolvers;

/// <summary>
/// A resolver that knows nothing itself: what its rules do not answer it asks another, through the network and without a
/// cache, so that what a gateway does to that question shows in the answer. An ISP's asks the authority, a home router's the ISP's.
/// </summary>
sealed class IspResolver(Host host, IPAddress upstream)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    readonly DnsRelay _upstream = new(host, upstream);
    volatile IReadOnlyList<IResolverInterference> _interference = [];

    public void Apply(IReadOnlyList<IResolverInterference> interference) => _interference = interference;

    /// <summary>Null is silence.</summary>
    public async Task<byte[]?> Answer(DnsMessage query, IPAddress asker)
    {
        foreach (var interference in _interference)
        {
            if (interference.Answer(query.Name) is { } lie)
                return query.Reply(lie, authoritative: false);
        }
        return await _upstream.Ask(query.Bytes, Patience) is { } reply ? DnsRelay.Recursive(reply) : query.Reply(DnsAnswer.ServerFailure, authoritative: false);
    }
}
