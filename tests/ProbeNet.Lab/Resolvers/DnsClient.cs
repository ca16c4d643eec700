using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Resolvers;

/// <summary>Asks one server for one address over UDP.</summary>
sealed class DnsClient(Host host, IPAddress server)
{
    /// <summary>Null where nothing comes in time.</summary>
    public async Task<DnsAnswer?> Ask(string name, TimeSpan patience)
    {
        using var socket = host.Udp(new IPEndPoint(IPAddress.Any, 0));
        using var deadline = new CancellationTokenSource(patience);
        var query = DnsMessage.Query((ushort)RandomNumberGenerator.GetInt32(65536), name);
        var buffer = new byte[1500];
        try
        {
            await socket.SendToAsync(query, new IPEndPoint(server, 53), deadline.Token);
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), deadline.Token);
                if (DnsMessage.Answers(buffer.AsSpan(0, received.ReceivedBytes), query))
                    return DnsMessage.ReadReply(buffer.AsSpan(0, received.ReceivedBytes));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            return null;
        }
    }
}
