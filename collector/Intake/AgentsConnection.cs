using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ProbeNet.Collector.Intake;

/// <summary>What happens to a connection of the agents' listener before TLS: it is marked, and its peer's address is found.</summary>
static class AgentsConnection
{
    // A front that opens a connection sends its header at once.
    static readonly TimeSpan HeaderWithin = TimeSpan.FromSeconds(10);

    /// <param name="trustedProxies">Who may say for whom it speaks.</param>
    public static void Use(IConnectionBuilder builder, IReadOnlySet<IPAddress> trustedProxies, TimeProvider time) =>
        builder.Use(next => async connection =>
        {
            connection.Features.Set(new AgentsListener());
            var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address;
            if (peer?.IsIPv4MappedToIPv6 == true)
                peer = peer.MapToIPv4();
            if (peer is null || !trustedProxies.Contains(peer))
                connection.Features.Set(new PeerAddress(peer));
            else if (await TryReadHeaderAsync(connection, time) is { } behind)
                connection.Features.Set(behind);
            else
                return;
            await next(connection);
        });

    // Null when the connection ends here: a header that began and does not hold.
    static async Task<PeerAddress?> TryReadHeaderAsync(ConnectionContext connection, TimeProvider time)
    {
        using var deadline = new CancellationTokenSource(HeaderWithin, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, connection.ConnectionClosed);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(linked.Token);
                switch (ProxyHeader.Read(read.Buffer, out var address, out var length))
                {
                    case ProxyHeader.Outcome.Read:
                        input.AdvanceTo(read.Buffer.GetPosition(length));
                        return new(address);
                    case ProxyHeader.Outcome.Absent:
                        // An ordinary front: it is trusted, and tells nothing.
                        input.AdvanceTo(read.Buffer.Start);
                        return new(null);
                    case ProxyHeader.Outcome.Incomplete when !read.IsCompleted:
                        input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                        continue;
                    default:
                        input.AdvanceTo(read.Buffer.End);
                        return null;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
