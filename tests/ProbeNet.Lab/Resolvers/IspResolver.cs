using System.Net;
using System.Net.Sockets;
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
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    volatile IReadOnlyList<IResolverInterference> _interference = [];

    public void Apply(IReadOnlyList<IResolverInterference> interference) => _interference = interference;

    public async Task<byte[]> Answer(DnsMessage query)
    {
        foreach (var interference in _interference)
        {
            if (interference.Answer(query.Name) is { } lie)
                return query.Reply(lie, authoritative: false);
        }
        return query.Reply(await Ask(query.Name), authoritative: false);
    }

    async Task<DnsAnswer> Ask(string name)
    {
        using var socket = host.Udp(new IPEndPoint(IPAddress.Any, 0));
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await socket.SendToAsync(DnsMessage.Query(1, name), new IPEndPoint(AddressPlan.Authority, 53), deadline.Token);
            var buffer = new byte[1500];
            var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), deadline.Token);
            return DnsMessage.ReadReply(buffer.AsSpan(0, received.ReceivedBytes));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            return DnsAnswer.ServerFailure;
        }
    }
}
