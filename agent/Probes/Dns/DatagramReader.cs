using System.Net.Sockets;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>Reads datagrams with the TTL or hop limit they arrived with, which betrays a forged reply; 0 where the system does not tell.</summary>
sealed class DatagramReader(Socket socket)
{
    readonly byte[] _buffer = new byte[4096];

    public bool GivesTtl { get; } = SocketMessages.TryWantTtl(socket);

    /// <exception cref="SocketException">An ICMP error came back, for one.</exception>
    public async Task<(byte[] Bytes, uint Ttl)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (!GivesTtl)
                    return (_buffer[..await socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken)], 0);
                // Waits for a datagram and leaves it in the queue.
                await socket.ReceiveAsync(_buffer.AsMemory(0, 1), SocketFlags.Peek, cancellationToken);
            }
            catch (SocketException) when (socket.Available > 0)
            {
                // The system tells an error before the datagrams that came earlier: a forged reply, and then that nobody listens there.
                continue;
            }
            if (SocketMessages.TryTake(socket, _buffer, out var length, out var ttl))
                return (_buffer[..length], ttl);
        }
    }
}
