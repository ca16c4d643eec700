using System.Net;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Resolvers;

/// <summary>
/// A resolver that knows nothing itself: what its rules do not answer it asks another, through the network and without a
/// cache, so that what a gateway does to that question shows in the answer. An ISP's asks the authority, a home router's the ISP's.
/// </summary>
/// <param name="forwards">What it gets no reply to it does not reply to, as the box in a house; a resolver would report a failure.</param>
sealed class IspResolver(Host host, IPAddress upstream, bool forwards = false)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    readonly DnsRelay _upstream = new(host, upstream);
    const int NoSuchName = 3;
    volatile IReadOnlyList<IResolverInterference> _interference = [];
    volatile ResolverFault? _fault;

    public void Apply(IReadOnlyList<IResolverInterference> interference) => _interference = interference;

    /// <summary>Null mends it.</summary>
    public void Break(ResolverFault? fault) => _fault = fault;

    /// <summary>Null is silence.</summary>
    public async Task<byte[]?> Answer(DnsMessage query, IPAddress asker)
    {
        var fault = _fault;
        if (fault?.Always is { } always)
            return query.Reply(always, authoritative: false);
        foreach (var interference in _interference)
        {
            if (interference.Answer(query.Name, query.Type) is { } lie)
                return lie.IsSilence ? null : query.Reply(lie, authoritative: false);
        }
        if (await _upstream.Ask(query.Bytes, Patience) is not { } reply)
            return forwards ? null : query.Reply(DnsAnswer.ServerFailure, authoritative: false);
        return fault?.ForUnknown is { } invented && (reply[3] & 15) == NoSuchName ? query.Reply(invented, authoritative: false) : DnsRelay.Recursive(reply);
    }
}
