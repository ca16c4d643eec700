using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Resolvers;

/// <summary>Asks one server over UDP, as the question came, and takes the first reply as resolvers do.</summary>
sealed class DnsRelay(Host host, IPAddress server)
{
    /// <summary>The reply under the question's own number; null where nothing comes in time.</summary>
    public async Task<byte[]?> Ask(byte[] question, TimeSpan patience)
    {
        using var socket = await host.UdpAsync();
        using var deadline = new CancellationTokenSource(patience);
        var query = question.ToArray();
        RandomNumberGenerator.Fill(query.AsSpan(0, 2));
        var buffer = new byte[4096];
        try
        {
            await socket.SendToAsync(query, new IPEndPoint(server, 53), deadline.Token);
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), deadline.Token);
                if (DnsReply.Answers(buffer.AsSpan(0, received.ReceivedBytes), query))
                {
                    question.AsSpan(0, 2).CopyTo(buffer);
                    return buffer[..received.ReceivedBytes];
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            return null;
        }
    }

    /// <summary>A resolver's reply in its own words: from its memory, so to say, and not the authority's.</summary>
    public static byte[] Recursive(byte[] reply)
    {
        reply[2] &= 0xFB;
        reply[3] |= 0x80;
        return reply;
    }
}
